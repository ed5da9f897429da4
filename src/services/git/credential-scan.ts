/** Looks for credentials in what commits add: in each of them, since what a later one removes is pushed all the same. */

import { isSecretName, looksRandom } from "../../core/known-secrets.ts";
import { findShapes, SECRET_SHAPES, type SecretShape } from "../../core/secret-shapes.ts";
import { addedText } from "./added-text.ts";
import type { Git } from "./git.ts";
import { checkedId } from "./job-repository.ts";

export interface FoundCredential {
  /** As `secret-shapes.ts` names it, or `assignment`, or the kind of a known value. */
  readonly kind: string;
  /** Relative to the root, in quotes as git prints it if it has unusual characters; null for a commit's message. */
  readonly path: string | null;
  /** From 1; 0 for a name. */
  readonly line: number;
  readonly commit: string;
}

/** Values that must not be there, each under the kind that is said of it. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

interface Hit extends FoundCredential {
  readonly secret: string;
}

/** More say no more. */
const MOST_IN_ONE_TEXT = 200;

type Place = ReturnType<typeof findShapes>[number];

/** `password = "…"`, `SECRET_KEY: …` with a value that looks made by a generator. */
const ASSIGNMENT =
  /(?<name>[\w.-]{1,100})["']?\s{0,5}(?:=|:|=>|:=)\s{0,5}["'`]?(?<secret>[A-Za-z0-9+/=_.~-]{20,5000})/g;
const PLACEHOLDER_PASSWORD =
  /^(?:[x*.•]+|<.*|\$.*|\{.*|%.*|pass(?:word|wd)?|pwd|secret|token|changeme|change-me|example|user|root|admin|test|postgres|mysql|guest|localhost|hidden|redacted|\[redacted.*|your.*|my.*)$/i;

/**
 * @param base a commit: what it has already is nobody's news
 * @param head a commit that stands on it
 */
export async function scanForCredentials(
  git: Git,
  base: string,
  head: string,
  known: KnownValues,
): Promise<FoundCredential[]> {
  const hits: Hit[] = [];
  for (const { path, line, commit, text } of await addedText(git, base, head)) {
    for (const { kind, start, end } of findCredentials(text, known)) {
      const secret = text.slice(start, end);
      const at = line === 0 ? 0 : line + newlines(text, start);
      hits.push({ kind, path, line: at, commit, secret });
    }
  }
  const old = await alreadyThere(git, base, hits);
  const seen = new Set<string>();
  return hits.flatMap(({ secret, ...found }) => {
    const key = `${found.kind} ${found.path} ${found.line}`;
    if (old.has(searched(secret)) || seen.has(key)) return [];
    seen.add(key);
    return [found];
  });
}

function findCredentials(text: string, known: KnownValues): Place[] {
  const values = Object.entries(known).flatMap(([kind, secrets]) =>
    secrets.flatMap((secret) => placesOf(text, secret).map((start) => ({ kind, start, end: start + secret.length }))),
  );
  const shapes = findShapes(text, SCANNED).filter(
    ({ kind, start, end }) => kind !== "url-password" || !PLACEHOLDER_PASSWORD.test(text.slice(start, end)),
  );
  // What is known says more than a shape, and a narrow shape more than a wide one.
  const found: Place[] = [];
  for (const place of [...values, ...shapes, ...assignments(text)]) {
    if (found.length === MOST_IN_ONE_TEXT) break;
    if (!found.some(({ start, end }) => start < place.end && place.start < end)) found.push(place);
  }
  return found;
}

/** A scheme's word before a header's value says little of a file. */
const SCANNED: readonly SecretShape[] = SECRET_SHAPES.filter(({ kind }) => kind !== "bearer-token");

function assignments(text: string): Place[] {
  return [...text.matchAll(ASSIGNMENT)].flatMap((match) => {
    const { name = "", secret = "" } = match.groups ?? {};
    if (!isSecretName(name) || !looksRandom(secret)) return [];
    const start = match.index + match[0].lastIndexOf(secret);
    return [{ kind: "assignment", start, end: start + secret.length }];
  });
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

const newlines = (text: string, end: number): number => text.slice(0, end).split("\n").length - 1;

/** Of a key of several lines the longest says which it is. */
const searched = (secret: string): string => secret.split("\n").reduce((a, b) => (b.length > a.length ? b : a), "");

/** Those that stand somewhere in the base: moved or used again, not brought in. */
async function alreadyThere(git: Git, base: string, hits: readonly Hit[]): Promise<Set<string>> {
  const wanted = [...new Set(hits.map(({ secret }) => searched(secret)))].filter((text) => text !== "");
  if (wanted.length === 0) return new Set();
  const args = ["grep", "--text", "--no-textconv", "-h", "-o", "-F", "-f", "-", checkedId(base)];
  const { stdout } = await git.attempt(args, { input: `${wanted.join("\n")}\n` });
  return new Set(stdout.split("\n"));
}
