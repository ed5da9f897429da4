/** How long to wait before the next attempt to connect: soon at first, never long, never all pages at the same moment. */

const FIRST_MS = 150;
const LONGEST_MS = 5000;

/** @param failures attempts that failed in a row @param random from 0 to 1 */
export function backoff(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return Math.round(longest * (0.5 + random / 2));
}
