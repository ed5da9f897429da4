/**
 * A place to run the real orch in: a repository, a state folder and a scripted model of its own. When it is disposed of
 * it ends what is left, and fails the test if a process of orch or Codex outlived its job, or if a job's history does not
 * lead to the same once more.
 */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type JobEvent, jobEventSchema } from "../../src/core/protocol.ts";
import { replayJob } from "../../src/jobs/job-replay.ts";
import { isCodingJob } from "../../src/jobs/jobs.ts";
import { loadWorkflowOf } from "../../src/own-workflow/own-job.ts";
import type { Script } from "../../src/scripted-model/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../src/scripted-model/server.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { type Fingerprint, fingerprint } from "./fingerprint.ts";
import { TASK } from "./plan-script.ts";
import { type TempRepository, tempRepository } from "./temp-repository.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export interface WorkshopOptions {
  readonly script: Script;
  /** `orch.config.json`. A short pause between tries is set by default. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Files of the repository's first commit. */
  readonly files?: Readonly<Record<string, string>>;
  /** Name of the repository's folder. */
  readonly folder?: string;
  readonly branch?: string;
  /** Makes the checkout unusual (dirty, detached …) before its state is noted. */
  readonly prepare?: (checkout: TempRepository) => void;
}

export interface Run {
  readonly pid: number;
  readonly events: readonly JobEvent[];
  /** What stands on stdout so far. */
  readonly printed: string;
  /** The first event for which `isMeant` holds, now or later. Fails if the process ends before. */
  event(isMeant: (event: JobEvent) => boolean): Promise<JobEvent>;
  kill(signal: NodeJS.Signals): void;
  /** Settles when the process has ended. */
  readonly end: Promise<RunEnd>;
}

export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly JobEvent[];
}

export class Workshop implements AsyncDisposable {
  readonly base: string;
  readonly repository: string;
  readonly model: ScriptedModel;
  readonly environment: Readonly<Record<string, string>>;
  readonly #checkout: TempRepository;
  readonly #before: Fingerprint;

  static async open(options: WorkshopOptions): Promise<Workshop> {
    const config = { retryInterval: "50ms", ...options.config };
    const checkout = tempRepository({
      ...(options.folder !== undefined && { name: options.folder }),
      ...(options.branch !== undefined && { branch: options.branch }),
      files: { "README.md": "# A repository\n", "orch.config.json": JSON.stringify(config), ...options.files },
    });
    options.prepare?.(checkout);
    return new Workshop(checkout, await startScriptedModel({ script: options.script }));
  }

  private constructor(checkout: TempRepository, model: ScriptedModel) {
    this.#checkout = checkout;
    this.base = checkout.folder;
    this.repository = checkout.root;
    this.model = model;
    this.#before = fingerprint(this.repository);
    mkdirSync(join(this.base, "home"));
    this.environment = {
      PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
      HOME: join(this.base, "home"),
      XDG_STATE_HOME: join(this.base, "state"),
      OPENAI_API_KEY: "sk-test-0123456789abcdef",
      OPENAI_BASE_URL: model.url,
    };
  }

  git(...args: readonly string[]): string {
    return this.#checkout.git(args).trim();
  }

  /** Starts the real command as a process of its own. With `--json`, its lines are read and checked as events. */
  orch(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
    const child = spawn(process.execPath, [join(ROOT, "bin", "orch.js"), ...args], {
      cwd: this.base,
      env: { ...this.environment, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const events: JobEvent[] = [];
    const listeners = new Set<() => void>();
    let stdout = "";
    let stderr = "";
    let unread = "";
    const { promise: end, resolve } = Promise.withResolvers<RunEnd>();
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (!args.includes("--json")) return;
      const lines = (unread + text).split("\n");
      unread = lines.pop() ?? "";
      events.push(...lines.map((line) => jobEventSchema.parse(JSON.parse(line))));
      for (const listener of [...listeners]) listener();
    });
    let ended = false;
    child.on("close", (code, signal) => {
      ended = true;
      resolve({ code, signal, stdout, stderr, events });
      for (const listener of [...listeners]) listener();
    });
    const event = (isMeant: (event: JobEvent) => boolean) =>
      new Promise<JobEvent>((found, missed) => {
        const look = () => {
          const match = events.find(isMeant);
          if (!match && !ended) return;
          listeners.delete(look);
          if (match) found(match);
          else missed(new Error(`orch ${args.join(" ")} ended without it:\n${stdout}\n${stderr}`));
        };
        listeners.add(look);
        look();
      });
    return {
      pid: child.pid as number,
      events,
      get printed() {
        return stdout;
      },
      event,
      kill: (signal) => child.kill(signal),
      end,
    };
  }

  /** `orch run` of the tests' task, to its end. */
  run(jobId: string, args: readonly string[] = []): Run {
    return this.orch(["run", TASK, "--repo", this.repository, "--job-id", jobId, "--json", ...args]);
  }

  resume(jobId: string): Run {
    return this.orch(["resume", jobId, "--json"]);
  }

  /** The tree of a job's result: equal trees are equal results, whatever the commits before. */
  resultTree(jobId: string): string {
    return this.git("rev-parse", `refs/heads/result-${jobId}^{tree}`);
  }

  /** Contents by path, without what was there before the job. */
  resultFiles(jobId: string): Record<string, string> {
    const names = this.git("diff", "-z", "--name-only", "HEAD", `refs/heads/result-${jobId}`)
      .split("\0")
      .filter(Boolean);
    return Object.fromEntries(names.map((name) => [name, this.git("show", `refs/heads/result-${jobId}:${name}`)]));
  }

  /** The job's database, for a look inside. */
  async store(): Promise<Store & Disposable> {
    const store: Store = await openSqliteStore(this.#databasePath);
    return Object.assign(store, { [Symbol.dispose]: () => store.close() });
  }

  /** The processes whose environment names this workshop: orch, Codex (with the turn it is at), and all they started. */
  processes(): { readonly pid: number; readonly command: string; readonly turn: string | undefined }[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
          const isOurs = environment.some((entry) => entry.includes(this.base));
          const turn = environment.find((entry) => entry.startsWith("ORCH_TURN="));
          return isOurs && command !== "" ? [{ pid: Number(pid), command, turn }] : [];
        } catch {
          // It ended meanwhile.
          return [];
        }
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = this.processes();
    for (const { pid } of left) end(pid);
    await this.model.close();
    const now = fingerprint(this.repository);
    const unlike = await this.#unlikeReplays().catch((error: unknown) => [error]);
    this.#checkout[Symbol.dispose]();
    expect(left, "processes that outlived the test").toEqual([]);
    expect(now, "the user's checkout").toEqual(this.#before);
    expect(unlike, "promise 8: jobs whose histories do not lead to the same once more").toEqual([]);
  }

  async #unlikeReplays(): Promise<unknown[]> {
    if (!existsSync(this.#databasePath)) return [];
    using store = await this.store();
    const replays = store.listJobs({ limit: 1000 }).map(async (job) => {
      // What a test did to a workflow's file is the test's.
      const own = isCodingJob(job) ? undefined : await loadWorkflowOf(store, job).catch(() => null);
      return own === null ? null : replayJob(store, job, own);
    });
    return (await Promise.all(replays)).filter((replay) => replay !== null && replay.divergence !== null);
  }

  get #databasePath(): string {
    return join(this.base, "state", "orch", "orchestrator.db");
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
