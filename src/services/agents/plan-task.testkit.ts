/** What the tests of `planTask` and their child process share: a repository, an input, and a context that keeps files. */

import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ActivityContext } from "../../core/activity.ts";
import type { PlanTaskInput } from "../../core/coding.ts";
import { jobPaths } from "../../core/job-paths.ts";
import type { Json } from "../../core/json.ts";
import type { TokenUsage } from "../../core/usage.ts";

export { sandbox } from "../sandbox/sandbox.testkit.ts";

export const JOB = "job-1";
export const KEY = "sk-test-0123456789-secret";

/** A repository with one commit in `folder`, the job's folder in it, and what `planTask` is given for it. */
export function makeInput(folder: string): PlanTaskInput {
  const root = join(folder, "repository");
  mkdirSync(join(root, "src"), { recursive: true });
  writeFileSync(join(root, "README.md"), "# A small project\n");
  writeFileSync(join(root, "src/app.ts"), "export const answer = 42;\n");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "first");
  const { job, worktrees } = jobPaths(root, JOB);
  mkdirSync(job, { recursive: true });
  git("worktree", "add", "-q", "-b", `result-${JOB}`, join(worktrees, "result"));
  return {
    task: "Add a greeting",
    repository: {
      root,
      gitDir: join(root, ".git"),
      objectFormat: "sha1",
      baseCommit: git("rev-parse", "HEAD"),
      baseBranch: "main",
      author: { name: "n", email: "e@example.org" },
      push: null,
    },
    worktree: { name: "result", path: join(worktrees, "result"), branch: `result-${JOB}` },
    model: "scripted-model",
    maxSubtasks: 5,
    feedback: null,
  };
}

/** Keeps every checkpoint as a line of a file, as the engine would: it is there when the process is killed. */
export class FileContext implements ActivityContext {
  readonly jobId = JOB;
  readonly effectId = `${JOB}:1:0`;
  readonly invokeId = "planTask";
  readonly attempt = 1;
  readonly scheduledAt = 0;
  readonly lastHeartbeat: Json | undefined;
  readonly signal: AbortSignal;
  readonly artifacts = new Map<string, Json>();
  readonly usage = new Map<string, TokenUsage>();
  readonly lines: string[] = [];
  readonly warnings: string[] = [];
  readonly #file: string;

  constructor(file: string, lastHeartbeat?: Json, signal = new AbortController().signal) {
    this.#file = file;
    this.lastHeartbeat = lastHeartbeat;
    this.signal = signal;
  }

  readonly log = {
    debug: () => {},
    info: () => {},
    warn: (message: string, fields?: object) => void this.warnings.push(`${message} ${JSON.stringify(fields ?? {})}`),
    error: () => {},
  };

  redact(text: string): string {
    return text;
  }

  holdsJob(): boolean {
    return true;
  }

  heartbeat(details: Json): void {
    this.lines.push(String((details as { line?: string }).line));
  }

  async checkpoint(details: Json): Promise<void> {
    this.heartbeat(details);
    appendFileSync(this.#file, `${JSON.stringify(details)}\n`);
  }

  recordUsage(meter: string, usage: TokenUsage): void {
    this.usage.set(meter, usage);
  }

  putArtifact(name: string, content: Json): void {
    this.artifacts.set(name, content);
  }

  getArtifact(name: string): Json | undefined {
    return this.artifacts.get(name);
  }
}

export function readCheckpoints(file: string): readonly Json[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Json);
}
