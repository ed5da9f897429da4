/** What a command printed, as lines with their colours: a colour goes on in the next line until it ends. */

import type { Mark } from "../../text/segments.ts";
import { type AnsiStyle, PLAIN_STYLE, parseAnsi } from "../ansi.ts";

export interface OutputLine {
  readonly text: string;
  readonly marks: readonly Mark[];
}

export function outputLines(output: string): OutputLine[] {
  const lines = output.replace(/\r\n/g, "\n").split("\n");
  while (lines.length > 0 && lines.at(-1)?.trim() === "") lines.pop();
  let style: AnsiStyle = PLAIN_STYLE;
  return lines.map((line) => {
    // A line that was written over shows what was written last.
    const last = line.split("\r").findLast((part) => part !== "") ?? "";
    const read = parseAnsi(last, style);
    style = read.style;
    return { text: read.text, marks: read.marks };
  });
}

/** `bash -lc '…'` around a command is how it was started, not what it is. */
export function shownCommand(command: string): string {
  const inner = /^(?:\S*\/)?(?:bash|zsh|sh) -l?c (?:'(.*)'|"(.*)"|(\S+))$/s.exec(command.trim());
  if (!inner) return command;
  const [, single, double, bare] = inner;
  if (single !== undefined) return single.replaceAll(`'\\''`, "'").replaceAll(`'"'"'`, "'");
  if (double !== undefined) return double.replace(/\\(["\\$`])/g, "$1");
  return bare ?? command;
}
