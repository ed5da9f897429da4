/**
 * What a history keeps of a snapshot, to compare it by: the same for the same place of the same actor, whether it was
 * reached in one run or over restarts, today or in years.
 */

import { hash } from "node:crypto";
import { isPlainObject, type Json } from "../core/json.ts";
import { type EncodedJson, encodeJson } from "./encode-json.ts";
import type { PersistedSnapshot } from "./interpreter.ts";

/**
 * 22 letters of base64url: 132 bits of SHA-256.
 *
 * @param encoded its texts, as they are stored
 */
export function hashSnapshot(persisted: PersistedSnapshot, encoded = encode(persisted)): string {
  const { error, ...rest } = persisted;
  const { sorted } = error === undefined ? encoded : encode({ ...rest, error: withoutStacks(error) });
  return hash("sha256", sorted, "base64url").slice(0, 22);
}

const encode = (snapshot: object): EncodedJson => encodeJson(snapshot, "", false);

/** A stack names files and lines of the release that ran: another one breaks at the same place with another stack. */
function withoutStacks(error: Json): Json {
  if (!isPlainObject(error)) return error;
  const { stack: _, cause, ...rest } = error as { readonly [key: string]: Json | undefined };
  return cause === undefined ? rest : { ...rest, cause: withoutStacks(cause) };
}
