/**
 * A clone of this repository as a user has it, with a `.env` of its own: npm's scripts are run in it. What is in it are
 * links to the checkout, so it is the code as it is now, and nothing is installed twice.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const PARTS = ["package.json", "package-lock.json", "scripts", "bin", "src", "workflows", "ui", "dist", "node_modules"];

export interface NpmRun {
  /** Settles when the words stand in what was printed; fails if it ends before. */
  printed(words: RegExp): Promise<RegExpExecArray>;
  /** As a terminal or a service manager does: to all of its processes. */
  kill(signal: NodeJS.Signals): void;
  readonly end: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export class NpmClone {
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  /** @param environment of its commands; only of it */
  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#environment = { ...environment, npm_config_update_notifier: "false", npm_config_offline: "true" };
    mkdirSync(folder);
    for (const part of PARTS) symlinkSync(join(ROOT, part), join(folder, part));
  }

  dotenv(values: Readonly<Record<string, string>>): void {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.#folder, ".env"), lines.join(""));
  }

  /** A line as a user types it into a shell. */
  type(line: string): NpmRun {
    const child = spawn("bash", ["-c", line], {
      cwd: this.#folder,
      env: { ...this.#environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    return follow(child, line);
  }
}

function follow(child: ChildProcess, line: string): NpmRun {
  let [stdout, stderr] = ["", ""];
  const looks = new Set<() => void>();
  let isOver = false;
  const lookAll = () => {
    for (const look of [...looks]) look();
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    lookAll();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const end = new Promise<Awaited<NpmRun["end"]>>((resolve) => {
    child.on("close", (code) => {
      isOver = true;
      resolve({ code, stdout, stderr });
      lookAll();
    });
  });
  const printed = (words: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = words.exec(stdout);
        if (!found && !isOver) return;
        looks.delete(look);
        if (found) resolve(found);
        else reject(new Error(`"${line}" ended without it:\n${stdout}\n${stderr}`));
      };
      looks.add(look);
      look();
    });
  return { printed, kill: (signal) => process.kill(-(child.pid as number), signal), end };
}
