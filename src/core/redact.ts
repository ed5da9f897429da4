/** Takes secrets out of text: those that are known, and whatever looks like a key of a well-known kind. */

import { isPlainObject, type Json } from "./json.ts";
import { SECRET_SHAPES } from "./secret-shapes.ts";

const PLACEHOLDER = "[redacted]";

/** Shorter values would be found in innocent words. */
const SHORTEST_SECRET = 6;

export type Redact = (text: string) => string;

export function createRedactor(secrets: readonly (string | undefined)[]): Redact {
  const known = spellings(secrets);
  return (text) => {
    if (text.length < SHORTEST_SECRET) return text;
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, PLACEHOLDER), text);
    return SECRET_SHAPES.reduce((rest, { pattern }) => rest.replace(pattern, withoutSecret), withoutKnown);
  };
}

/** Each string within it redacted, also the names of properties; all else as it is. */
export function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, redact));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redact(key),
      item === undefined ? item : redactJson(item as Json, redact),
    ]),
  );
}

/** How known secrets can stand in a text: as they are, in a URL, in JSON, in base64. The longest first. */
export function spellings(secrets: readonly (string | undefined)[]): string[] {
  const all = secrets
    .filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    ]);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function withoutSecret(match: string, ...rest: unknown[]): string {
  const groups = rest.at(-1) as { readonly secret?: string } | string;
  const secret = typeof groups === "object" ? groups.secret : undefined;
  if (secret === undefined) return PLACEHOLDER;
  const start = match.lastIndexOf(secret);
  return `${match.slice(0, start)}${PLACEHOLDER}${match.slice(start + secret.length)}`;
}
