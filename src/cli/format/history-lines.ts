/** A job's history as lines, one for each entry: its number, when, who, what happened, and the state that it led to. */

import { errorMessage } from "../../core/errors.ts";
import { formatSeconds } from "../../core/figures.ts";
import { isPlainObject, type Json } from "../../core/json.ts";
import type { HistoryRecord } from "../../store/store.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { padToWidth, textWidth } from "./text-width.ts";

const LONGEST_EVENT = 72;
const USUAL_EVENT = 28;

export interface HistoryColumns {
  /** The last number that there is. */
  readonly lastSeq: number;
  /** Of the actors that are shown. */
  readonly actorIds: readonly string[];
}

/** Makes each entry a line, so that a long history need not be held at once. */
export function historyLine({ lastSeq, actorIds }: HistoryColumns, paint: Paint): (entry: HistoryRecord) => string {
  const numbers = String(lastSeq).length;
  const actors = Math.max(...actorIds.map((id) => textWidth(cleanLine(id))), 0);
  return ({ seq, at, actorId, event, state }) =>
    [
      paint("bold", String(seq).padStart(numbers)),
      paint("dim", formatSeconds(at)),
      padToWidth(cleanLine(actorId), actors),
      padToWidth(eventWords(event), USUAL_EVENT),
      paint("cyan", stateWords(state)),
    ].join("  ");
}

/** `working`, `verifying.running`; of a parallel state `a.b, c.d`. */
export function stateWords(state: Json | undefined): string {
  return cleanLine(leaves(state).join(", "), 200);
}

/** What happened, in a few words. */
export function eventWords(event: Json): string {
  if (!isPlainObject(event) || typeof event.type !== "string") return cleanLine(JSON.stringify(event), LONGEST_EVENT);
  return cleanLine(wordsOf(event.type, event), LONGEST_EVENT);
}

function wordsOf(type: string, event: Record<string, unknown>): string {
  if (type === "xstate.init") return `begins: ${event.workflow} version ${event.version}`;
  const [, what, id] = /^xstate\.(done|error)\.actor\.(.*)$/s.exec(type) ?? [];
  if (what === "done") return `${id} is done`;
  if (what === "error") return `${id} failed: ${errorMessage(event.error)}`;
  const [, delay] = /^xstate\.after\.(.+?)\./s.exec(type) ?? [];
  if (delay !== undefined) return /^\d+$/.test(delay) ? `after ${delay} ms` : `after ${delay}`;
  const said = [event.subtaskId, event.feedback].filter((part) => typeof part === "string");
  return [type, ...said].join(" ");
}

function leaves(state: Json | undefined): string[] {
  if (typeof state === "string") return [state];
  if (!isPlainObject(state)) return [];
  return Object.entries(state as Record<string, Json>).flatMap(([name, inner]) => {
    const below = leaves(inner);
    return below.length === 0 ? [name] : below.map((leaf) => `${name}.${leaf}`);
  });
}
