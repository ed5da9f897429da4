/**
 * A place for one job of the matrix: the demo's repository with a bare one beside it to push to, a state folder, and the
 * scripted model. Everything but the model is real. When it is disposed of, nothing of it is left.
 */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeSampleRepository, type SampleRepository } from "../../demo/sample-repository.ts";
import { loadScript } from "../../src/scripted-model/parse-script.ts";
import type { Script } from "../../src/scripted-model/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../src/scripted-model/server.ts";
import { type Fingerprint, fingerprint } from "../support/fingerprint.ts";
import { ORDER_VARIABLE, type Order, type Report } from "./point.ts";
import { endAll, processesOf } from "./processes.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PRELOAD = join(import.meta.dirname, "preload.ts");
const TASK = "Add a frost alarm and a daily report";
export const JOB = "demo";

/** A job that takes longer than this hangs. */
const LONGEST_RUN_MS = 180_000;

/** The demo's script, answered at once. */
export async function promptScript(): Promise<Script> {
  const script = await loadScript(join(ROOT, "demo", "script.yaml"));
  const turns = script.turns.map((turn) => ({ ...turn, steps: turn.steps.map((step) => ({ ...step, delay: 0 })) }));
  return { ...script, turns };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it printed, on both streams. */
  readonly output: string;
}

export class World implements AsyncDisposable {
  readonly folder: string;
  readonly repository: SampleRepository;
  readonly remote: string;
  readonly model: ScriptedModel;
  /** The user's checkout, before the job. */
  readonly before: Fingerprint;
  #runs = 0;

  static async make(script: Script): Promise<World> {
    return new World(await startScriptedModel({ script }));
  }

  private constructor(model: ScriptedModel) {
    this.model = model;
    // Not in the system's temporary folder: Codex refuses to keep its programs there.
    mkdirSync(join(ROOT, ".tmp"), { recursive: true });
    this.folder = realpathSync(mkdtempSync(join(ROOT, ".tmp", "crash-")));
    this.repository = makeSampleRepository(join(this.folder, "greenhouse"));
    this.remote = join(this.folder, "remote.git");
    this.repository.git("init", "--quiet", "--bare", this.remote);
    this.repository.git("remote", "add", "origin", this.remote);
    mkdirSync(join(this.folder, "home"));
    this.before = fingerprint(this.repository.root);
  }

  /** `orch run` of the demo's task, or `orch resume` of it, with the preload, until it ends. */
  async orch(
    command: "run" | "resume",
    order: Pick<Order, "point" | "victims">,
  ): Promise<Ended & { readonly report: Report | null }> {
    const report = join(this.folder, `report-${++this.#runs}.json`);
    const args =
      command === "resume"
        ? ["resume", JOB, "--json"]
        : ["run", TASK, "--repo", this.repository.root, "--job-id", JOB, "--push-result", "--json"];
    const full: Order = { ...order, report, world: this.folder };
    const environment = { [ORDER_VARIABLE]: JSON.stringify(full) };
    const end = await this.start(args, environment, ["--import", PRELOAD]).end;
    return { ...end, report: existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as Report) : null };
  }

  /** Any command of orch, as a process of its own. */
  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}, node: readonly string[] = []) {
    const child = spawn(process.execPath, [...node, join(ROOT, "bin", "orch.js"), ...args], {
      cwd: this.folder,
      env: { ...this.#environment, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const limit = setTimeout(() => {
      output += `\n(it took longer than ${LONGEST_RUN_MS / 1000} s and was ended)`;
      child.kill("SIGKILL");
    }, LONGEST_RUN_MS);
    const end = new Promise<Ended>((resolve) => {
      child.once("close", (code, signal) => {
        clearTimeout(limit);
        resolve({ code, signal, output });
      });
    });
    return { pid: child.pid as number, end, kill: (signal: NodeJS.Signals) => child.kill(signal) };
  }

  /** The tree of the result in the repository or in the one that it was pushed to; null if there is none. */
  resultTree(where: "repository" | "remote"): string | null {
    const cwd = where === "remote" ? this.remote : this.repository.root;
    try {
      const args = ["rev-parse", "--verify", "--quiet", `refs/heads/result-${JOB}^{tree}`];
      return execFileSync("git", args, { cwd, encoding: "utf8" }).trim();
    } catch {
      return null;
    }
  }

  get #environment(): Record<string, string> {
    return {
      PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
      HOME: join(this.folder, "home"),
      XDG_STATE_HOME: join(this.folder, "state"),
      OPENAI_API_KEY: "sk-the-scripted-model-needs-none",
      OPENAI_BASE_URL: this.model.url,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endAll(() => processesOf(this.folder));
    await this.model.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
