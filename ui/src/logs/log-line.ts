/** A line of a log, read: its time, its level, the command that it begins, and what of it is shown as text. */

import type { Mark } from "../text/segments.ts";
import { type Coloured, parseAnsi } from "./ansi.ts";

export type Level = "debug" | "info" | "warn" | "error";

export interface LineView {
  /** Milliseconds since the epoch; null for a line without a time. */
  readonly time: number | null;
  readonly level: Level | null;
  /** `good` and `bad`: the line says how a command ended. */
  readonly role: "text" | "command" | "good" | "bad";
  readonly text: string;
  readonly marks: readonly Mark[];
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) /;
const LEVEL = /^(debug|info|warn|error) +/;
const FIELD = / ([A-Za-z]\w*)=("(?:[^"\\]|\\.)*"|[^\s"=]+)/g;
const OUTCOME = /^(?:exit code (\S+)|refused|took too long and was ended)\s*$/;

export function readLine(source: string): LineView {
  const stamp = TIME.exec(source);
  const time = stamp ? Date.parse(stamp[1] ?? "") : Number.NaN;
  if (!stamp || Number.isNaN(time))
    return { time: null, level: null, role: outcomeOf(source), ...shown(parseAnsi(source)) };
  const rest = source.slice(stamp[0].length);
  const level = LEVEL.exec(rest);
  if (level) {
    const line = parseAnsi(rest.slice(level[0].length));
    return {
      time,
      level: level[1] as Level,
      role: "text",
      text: line.text,
      marks: [...line.marks, ...fieldMarks(line)],
    };
  }
  if (rest.startsWith("$ ")) return { time, level: null, role: "command", ...shown(parseAnsi(rest.slice(2))) };
  const call = /^in ("(?:[^"\\]|\\.)*"): /.exec(rest);
  if (call) return { time, level: null, role: "command", ...shown(parseAnsi(rest.slice(call[0].length))) };
  return { time, level: null, role: "text", ...shown(parseAnsi(rest)) };
}

const shown = ({ text, marks }: Coloured) => ({ text, marks });

function outcomeOf(line: string): LineView["role"] {
  const outcome = OUTCOME.exec(line);
  if (!outcome) return "text";
  return outcome[1] === "0" ? "good" : "bad";
}

/** The `key=value` at the end of a line of ours. A line with colours of its own has none. */
function fieldMarks({ text, marks }: Coloured): Mark[] {
  if (marks.length > 0) return [];
  const found = [...text.matchAll(FIELD)];
  // Only an unbroken row of them up to the end: what stands in the middle belongs to the words.
  let from = found.length;
  let end = text.length;
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const field = found[index] as RegExpExecArray;
    if (field.index + field[0].length !== end) break;
    from = index;
    end = field.index;
  }
  return found.slice(from).flatMap((field) => {
    const key = field.index + 1;
    const value = key + (field[1]?.length ?? 0) + 1;
    return [
      { start: key, end: value, className: "log-key" },
      { start: value, end: field.index + field[0].length, className: "log-value" },
    ];
  });
}
