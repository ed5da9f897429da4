/** Takes secrets out of text: those that are known, and whatever looks like a key of a well-known kind. */

const PLACEHOLDER = "[redacted]";

/** Shorter values would be found in innocent words. */
const SHORTEST_SECRET = 6;

const LOOKS_LIKE_A_KEY = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{16,}=*/gi,
  // A password or token in a URL.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]{0,200}:)[^\s/@]+(?=@)/gi,
];

export type Redact = (text: string) => string;

export function createRedactor(secrets: readonly (string | undefined)[]): Redact {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET);
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, PLACEHOLDER), text);
    return LOOKS_LIKE_A_KEY.reduce((rest, pattern) => rest.replace(pattern, PLACEHOLDER), withoutKnown);
  };
}
