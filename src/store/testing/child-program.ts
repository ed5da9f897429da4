/** Runs a program of the tests in a process of its own, in plain Node, and ends it with the test. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface ChildProgram {
  readonly pid: number;
  /** Resolves at the next line that the program prints; rejects if it ends before. */
  nextLine(): Promise<string>;
  writeLine(line: string): void;
  kill(signal: NodeJS.Signals): void;
  /** What ended it: an exit code or a signal. Its standard error is thrown if it was the code 1. */
  readonly end: Promise<number | NodeJS.Signals>;
}

/** Most of a program's time is its start: compiled code is kept where the packages are. */
const compileCache = new URL("../../../node_modules/.cache/orch-tests", import.meta.url);

/** @param program URL of a `.ts` file */
export function startProgram(program: URL, ...args: readonly string[]): ChildProgram {
  const env = { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(compileCache) };
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], { env, stdio: ["pipe", "pipe", "pipe"] });
  const errors: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  // A program that was killed reads nothing more.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 1) reject(new Error(`${program.pathname} failed: ${Buffer.concat(errors).toString()}`));
      else resolve(code ?? signal ?? 0);
    });
  });
  end.catch(() => {});
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await end.catch(() => {});
  });
  return {
    pid: child.pid ?? 0,
    end,
    async nextLine() {
      const { value, done } = await lines.next();
      if (!done) return value;
      throw new Error(`${program.pathname} ended (${await end}) before it said more`);
    },
    writeLine: (line) => child.stdin.write(`${line}\n`),
    kill: (signal) => child.kill(signal),
  };
}
