/**
 * What a history keeps of a snapshot, to compare it by: the same for the same place of the same actor, whether it was
 * reached in one run or over restarts, today or in years.
 */

import { hash } from "node:crypto";
import { isPlainObject, type Json } from "../core/json.ts";
import { encodeJson } from "./encode-json.ts";
import type { PersistedSnapshot } from "./interpreter.ts";

/** 22 letters of base64url: 132 bits of SHA-256. */
export function hashSnapshot(persisted: PersistedSnapshot): string {
  const { error, ...rest } = persisted;
  // Without an error it is the very object that is stored, and encoded already.
  const told = error === undefined ? persisted : { ...rest, error: withoutStacks(error) };
  return hash("sha256", encodeJson(told, "snapshot").sorted, "base64url").slice(0, 22);
}

/** A stack names files and lines of the release that ran: another one breaks at the same place with another stack. */
function withoutStacks(error: Json): Json {
  if (!isPlainObject(error)) return error;
  const { stack: _, cause, ...rest } = error as { readonly [key: string]: Json | undefined };
  return cause === undefined ? rest : { ...rest, cause: withoutStacks(cause) };
}
