/** A log of commands (`run_repo_command`, setup, verify) read as commands: each with how it ended and what it printed. */

import { readLine } from "./log-line.ts";

export interface CommandBlock {
  /** Number of the line that it begins with. */
  readonly n: number;
  readonly command: string;
  /** Where it ran, relative to the repository; null if the log does not say. */
  readonly directory: string | null;
  readonly time: number | null;
  /** `exit code 0`, `refused` …; null while it runs. */
  readonly outcome: string | null;
  readonly isGood: boolean;
  readonly output: readonly string[];
}

/** What stands before the first command is left out. */
export function commandBlocks(lines: readonly string[]): CommandBlock[] {
  const blocks: { -readonly [Key in keyof CommandBlock]: CommandBlock[Key] }[] = [];
  const outputs: string[][] = [];
  /** Where the outcome stood among the lines of the output. */
  let outcomeAt = 0;
  lines.forEach((line, n) => {
    const view = readLine(line);
    const block = blocks.at(-1);
    const output = outputs.at(-1);
    if (view.role === "command") {
      const inside = /^\S+ in ("(?:[^"\\]|\\.)*"): /.exec(line)?.[1];
      const next: string[] = [];
      outputs.push(next);
      blocks.push({
        n,
        command: view.text,
        directory: inside === undefined ? null : nameOf(inside),
        time: view.time,
        outcome: null,
        isGood: false,
        output: next,
      });
      return;
    }
    if (!block || !output) return;
    // `run_repo_command` says in the first line how it ended; the others at the end, where the last word counts.
    const isOutcome = block.directory === null ? view.role === "good" || view.role === "bad" : block.outcome === null;
    if (isOutcome) {
      if (block.outcome !== null) output.splice(outcomeAt, 0, block.outcome);
      outcomeAt = output.length;
      block.outcome = line.trim();
      block.isGood = view.role === "good";
      return;
    }
    output.push(line);
  });
  for (const output of outputs) while (output.at(-1)?.trim() === "") output.pop();
  return blocks;
}

function nameOf(json: string): string {
  try {
    return String(JSON.parse(json)) || ".";
  } catch {
    return json;
  }
}
