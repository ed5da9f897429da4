/** What a transition wanted done, in a few words. Pure. */

import type { EffectView } from "../../../../src/core/protocol/history.ts";
import { preciseDuration } from "../../words/format.ts";

export function effectInWords({ type, id, src, delayMs }: EffectView): string {
  const name = src ?? id ?? "";
  if (type === "invoke") return `start ${name}`;
  if (type === "stop") return `stop ${name}`;
  if (type === "timer") return `timer ${delayMs === null ? name : preciseDuration(delayMs)}`;
  if (type === "cancel-timer") return `drop timer ${name}`;
  return `${type} ${name}`;
}
