/** Runs the real Codex CLI against a scripted model, in folders of the test's own, and leaves no process behind. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CODEX = fileURLToPath(new URL("../../node_modules/.bin/codex", import.meta.url));

export interface CodexRun {
  readonly exitCode: number | null;
  /** The JSON lines that it printed. */
  readonly events: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

export interface RunningCodex {
  readonly ended: Promise<CodexRun>;
  /** SIGKILL to the process and to everything it started; resolves when all are gone. */
  kill(): Promise<void>;
}

export class CodexTestbed implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), "orch-scripted-model-"));
  readonly workDir = join(this.#root, "work");

  constructor() {
    for (const name of ["work", "home", "tmp"]) mkdirSync(join(this.#root, name));
  }

  /** Starts one turn; with `threadId` it goes on with that thread. */
  start(options: { url: string; prompt: string; threadId?: string; provider?: string }): RunningCodex {
    const { url, prompt, threadId, provider = "" } = options;
    const child = spawn(
      CODEX,
      ["exec", ...(threadId ? ["resume", threadId] : []), ...settings(url, provider), prompt],
      {
        cwd: this.workDir,
        detached: true,
        stdio: ["ignore", "pipe", "ignore"],
        // Codex warns about a home under its temporary folder, so it is given another one.
        env: {
          ...process.env,
          CODEX_HOME: join(this.#root, "home"),
          TMPDIR: join(this.#root, "tmp"),
          OPENAI_API_KEY: "none",
        },
      },
    );
    return { ended: endOf(child), kill: () => this.#endAll() };
  }

  async run(options: Parameters<CodexTestbed["start"]>[0]): Promise<CodexRun> {
    return await this.start(options).ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endAll();
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Everything that Codex starts inherits CODEX_HOME, which is this testbed's own. */
  async #endAll(): Promise<void> {
    for (;;) {
      const left = processesWith(`CODEX_HOME=${join(this.#root, "home")}`);
      if (left.length === 0) return;
      for (const pid of left) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

export function threadOf(run: CodexRun): string {
  return String(run.events.find(({ type }) => type === "thread.started")?.thread_id);
}

function settings(url: string, provider: string): string[] {
  return [
    "--json",
    "--skip-git-repo-check",
    "-c",
    'sandbox_mode="workspace-write"',
    "-c",
    `model_providers.scripted={name="scripted",base_url="${url}",wire_api="responses",env_key="OPENAI_API_KEY"${provider}}`,
    "-c",
    'model_provider="scripted"',
  ];
}

async function endOf(child: ChildProcess): Promise<CodexRun> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return { exitCode, events: lines.map((line) => JSON.parse(line) as CodexRun["events"][number]) };
}

function processesWith(variable: string): number[] {
  const wanted = `\0${variable}\0`;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        // A process that has ended but was not waited for has an empty environment.
        return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(wanted);
      } catch {
        return false;
      }
    })
    .map(Number);
}
