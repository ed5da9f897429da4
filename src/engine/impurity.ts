/**
 * What a function of a machine visibly asks the world for. It runs again at each replay and must then answer the same, so
 * it may look at the context and the event only. Only what stands in its own text is seen: `orch replay` finds the rest.
 */

const ASKS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bDate\.now\s*\(|\bnew Date\s*\(\s*\)|\bperformance\.now\s*\(/, "asks for the time"],
  [/\bMath\.random\s*\(|\b(randomUUID|randomBytes|randomInt|getRandomValues)\b/, "asks for a random value"],
  [/\bprocess\.(env|argv|cwd|pid|uptime|hrtime)\b/, "looks at the process"],
  [/\bfetch\s*\(|\b(read|write|exists|stat|open|exec|spawn)\w*Sync\b/, "reaches outside"],
];

/** Null if it shows nothing of the kind. */
export function impurity(value: unknown): string | null {
  if (typeof value !== "function") return null;
  if (value.constructor.name === "AsyncFunction") return "is async: a machine goes on at once";
  const text = Function.prototype.toString.call(value);
  return ASKS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
