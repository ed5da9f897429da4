/** Runs a program as anybody does who takes no care: with the user's environment, and without any guard of orch. */

import { spawn } from "node:child_process";

export interface PlainRun {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What does not end by itself is ended after this many milliseconds. */
  readonly limitMs?: number;
  /** It is not ended then, but left to itself. */
  readonly leave?: boolean;
}

const LIMIT_MS = 20_000;
const MOST_OUTPUT = 4 * 1024 * 1024;

/** Its standard output and its errors, whatever became of it. */
export function runPlainly(command: string, args: readonly string[], run: PlainRun): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: run.cwd,
      env: run.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    const take = (data: Buffer) => {
      if (output.length < MOST_OUTPUT) output += data.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => {
      if (run.leave === true) return resolve(output);
      try {
        process.kill(-(child.pid as number), "SIGKILL");
      } catch {
        // It is gone.
      }
    }, run.limitMs ?? LIMIT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve(output);
    };
    child.on("error", (error) => {
      output += String(error);
      done();
    });
    // Not "close": what it left in the background may hold the pipes open.
    child.on("exit", () => setTimeout(done, 20));
  });
}
