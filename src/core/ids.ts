/** Names that become parts of paths, branches and refs: what they may look like, and how new ones are made. */

import { randomBytes } from "node:crypto";
import { UsageError } from "./errors.ts";

/** Lower-case letters, digits and single hyphens: safe as a folder, a branch and a ref on every system. */
const SAFE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 64;

export function isSafeName(name: string): boolean {
  return name.length <= LONGEST_NAME && SAFE_NAME.test(name);
}

/** `20300131-0905-k3x9qa`: sorts by time, says when, and is unique without asking anybody. UTC. */
export function newJobId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 13);
  const letters = [...randomBytes(6)].map((byte) => "abcdefghjkmnpqrstuvwxyz23456789"[byte % 31]).join("");
  return `${time}-${letters}`;
}

/** Returns `id` if it can name a job, else throws a `UsageError` that says what it may look like. */
export function parseJobId(id: string): string {
  if (isSafeName(id)) return id;
  throw new UsageError(`"${printable(id)}" cannot be a job id`, {
    code: "bad-job-id",
    hint: `use lower-case letters, digits and single hyphens, at most ${LONGEST_NAME} characters, for example "add-search-1"`,
  });
}

/** A safe name made from any text, for a person to recognise it: "Füge Suche hinzu!" becomes "fuge-suche-hinzu". */
export function slug(text: string, longest = 40): string {
  const ascii = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  const name = ascii
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .replace(/^-+|-+$/g, "");
  return name || "x";
}

/** The id of effect `index` of the transition with history number `seq`: the same in every attempt. */
export function effectId(jobId: string, seq: number, index: number): string {
  return `${jobId}:${seq}:${index}`;
}

/** What `effectId` was made of; undefined for what it did not make. */
export function parseEffectId(id: string): { readonly jobId: string; readonly seq: number } | undefined {
  const [, jobId, seq] = /^(.+):(\d+):\d+$/s.exec(id) ?? [];
  return jobId === undefined ? undefined : { jobId, seq: Number(seq) };
}

/** An effect's id as a safe name, for a folder or a ref. */
export function effectName(id: string): string {
  return id.replaceAll(":", "-");
}

/** `text` without control characters, cut to a length that fits in a message. */
export function printable(text: string, longest = 80): string {
  const clean = text.replace(/\p{Cc}/gu, "\u00b7");
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/**
 * `text` without what could steer a terminal, for texts of several lines: line ends and tabs stay, other control
 * characters and those that turn the direction of writing are left out. Cut to `longest` characters.
 */
export function printableText(text: string, longest = Number.POSITIVE_INFINITY): string {
  const clean = text
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, "")
    .toWellFormed();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
