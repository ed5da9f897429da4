/** Finds the values that are to be kept secret among named ones: the environment's, or those of a copied `.env`. Pure. */

/** `GITHUB_TOKEN`, `OPENAI_API_KEY`, `DB_PASSWORD`, `clientSecret`. Not `PWD`, not `KEYBOARD`. */
const SECRET_NAME =
  /token|secret|passwd|password|passphrase|credential|(?:^|[_.-])(?:pass|pwd|auth|key|pat|dsn)s?$|(?:api|access|private|signing|encryption|master|account)[_.-]?key/i;
const SHORTEST_SECRET = 8;
/** A name says nothing of these, and they are too long to be a word. */
const SHORTEST_RANDOM = 20;

/** Whether a variable, setting or property of that name usually holds a secret. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/**
 * The values to keep secret: of names that say so, all that is not an everyday word; of others, what is as random as a
 * key; and passwords in URLs, whatever the name.
 */
export function secretValues(named: Readonly<Record<string, string | undefined>>): string[] {
  const found = Object.entries(named).flatMap(([name, value = ""]) => [
    ...((isSecretName(name) ? isNoWord(value) : looksRandom(value)) ? [value] : []),
    ...urlPasswords(value),
  ]);
  return [...new Set(found)];
}

/**
 * `production`, `postgres` and `/run/secrets/db` stand in innocent texts: taking those out would spoil names and paths
 * that a job works with.
 */
function isNoWord(value: string): boolean {
  if (value.length < SHORTEST_SECRET || /^(?:~?\/|\.{1,2}\/)/.test(value)) return false;
  return value.length >= SHORTEST_RANDOM || (/\d/.test(value) && /\D/.test(value)) || /[^\w./-]/.test(value);
}

/** Letters and digits without an order, as of a generator. */
export function looksRandom(value: string): boolean {
  if (value.length < SHORTEST_RANDOM || value.length > 5000 || !/^[A-Za-z0-9+/=_.~-]+$/.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  // Words with hyphens, paths and versions have short parts.
  const longest = Math.max(...value.split(/[/_.~-]/).map((part) => part.length));
  const isHex = /^[0-9a-f]+$/i.test(value);
  return longest >= 12 && entropy(value) >= (isHex ? 3 : 3.7);
}

/** Bits for each character, by how often each one comes. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

function urlPasswords(value: string): string[] {
  if (!value.includes("://") || !URL.canParse(value)) return [];
  const { password, username, protocol } = new URL(value);
  // `https://<token>@host` has the token where the name would be.
  const names = protocol.startsWith("http") && looksRandom(username) ? [username] : [];
  return [password, ...names].filter((part) => isNoWord(part)).flatMap((part) => [part, decoded(part)]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
