/** When a limit ends, as Codex says it: "try again in 2.5s", "in 1 hour 5 minutes", "at 3:45 PM", "at Dec 1st, 2026 3 PM". */

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^ms|^millisecond/, 1],
  [/^s/, 1000],
  [/^m/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
];

/** "5 days 2 hours 10 minutes", "2.5s", "1h5m": one or more numbers with their units. */
const AFTER =
  /try again in ((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\b[\s,]*)+)/i;
const AT =
  /try again at (?:(?<date>[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4}),? )?(?<time>\d{1,2}:\d{2}(?: ?[AP]M)?)/i;

/** Milliseconds from `now` (since the epoch) until the text says that it is worth trying again; undefined if it does not. */
export function retryTime(text: string, now: number): number | undefined {
  const after = AFTER.exec(text.replace(/(\d)(h|m|d)(?=\d)/gi, "$1$2 "))?.[1];
  if (after !== undefined) return sum(after);
  const at = AT.exec(text)?.groups;
  return at?.time === undefined ? undefined : until(at.date, at.time, now);
}

function sum(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const ms = parts.reduce((total, [, amount, unit = ""]) => {
    const factor = UNITS.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1] ?? 0;
    return total + Number(amount) * factor;
  }, 0);
  return Math.ceil(ms);
}

/** A time without a date is the next one of that kind. Codex speaks in the machine's own time zone. */
function until(date: string | undefined, time: string, now: number): number | undefined {
  const day = date?.replace(/(\d)(?:st|nd|rd|th)/, "$1") ?? new Date(now).toDateString();
  const moment = Date.parse(`${day} ${time.replace(/(\d)([AP]M)/i, "$1 $2")}`);
  if (Number.isNaN(moment)) return undefined;
  const wait = moment - now;
  if (wait >= 0) return wait;
  return date === undefined ? wait + 86_400_000 : 0;
}
