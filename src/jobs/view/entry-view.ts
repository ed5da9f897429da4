/** Entries of a history as they are shown. */

import { isPlainObject, type Json } from "../../core/json.ts";
import type { EffectView, HistoryEntry } from "../../core/protocol/history.ts";
import type { Effect } from "../../engine/effect.ts";
import type { HistoryRecord } from "../../store/store.ts";
import { plainErrorOf } from "./plain-error.ts";

export function entryView({ seq, at, actorId, event, state, effects }: HistoryRecord): HistoryEntry {
  const { type, error, output } = (isPlainObject(event) ? event : {}) as Record<string, unknown>;
  return {
    seq,
    at,
    actorId,
    event: typeof type === "string" ? type : "",
    state: state as HistoryEntry["state"],
    effects: effects.map((effect) => effectView(effect as unknown as Effect)),
    error: plainErrorOf(error) ?? plainErrorOf(isPlainObject(output) ? output.error : undefined),
  };
}

function effectView(effect: Effect): EffectView {
  const view = { type: effect.type, id: null, src: null, delayMs: null };
  switch (effect.type) {
    case "invoke":
      return { ...view, id: effect.id, src: effect.src };
    case "stop":
      return { ...view, id: effect.id };
    case "timer":
      return { ...view, id: effect.sendId, src: typeOf(effect.event), delayMs: effect.delayMs };
    case "cancel-timer":
      return { ...view, id: effect.sendId };
    case "send":
      return { ...view, id: effect.to.type === "child" ? effect.to.id : effect.to.type, src: typeOf(effect.event) };
    case "emit":
      return { ...view, src: typeOf(effect.event) };
  }
}

function typeOf(event: Json): string | null {
  return isPlainObject(event) && typeof event.type === "string" ? event.type : null;
}
