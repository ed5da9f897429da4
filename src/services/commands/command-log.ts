/** The file that keeps every command of `run_repo_command` with its whole output, for a person to read. */

import { constants, open } from "node:fs/promises";
import { printableText } from "../../core/ids.ts";

export interface LoggedCommand {
  readonly command: readonly string[];
  readonly directory: string;
  /** `exit code 0`, `refused` … */
  readonly outcome: string;
  readonly output: string;
}

const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
const LONGEST_COMMAND = 10_000;

/** Appends one entry, in one write, so that commands that run side by side don't mix their lines. */
export async function appendCommandLog(file: string, entry: LoggedCommand): Promise<void> {
  const time = new Date().toISOString();
  const words = entry.command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
  const head = `${time} in ${JSON.stringify(entry.directory)}: ${words.slice(0, LONGEST_COMMAND)}\n${entry.outcome}\n`;
  const text = printableText(`${head}${entry.output.trimEnd()}\n\n`);
  // The folder lies in the user's repository: a link in this place would be somebody else's.
  const handle = await open(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    await handle.appendFile(text);
  } finally {
    await handle.close();
  }
}
