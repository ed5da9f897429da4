/** Which scenarios there are, and a choice of them by a seed: the same seed makes the same choice. */

import type { Passed, Point, PointName } from "./point.ts";
import type { Scenario } from "./scenario.ts";

interface Place extends Point {
  /** How many Codex processes ran there in the undisturbed job. */
  readonly codex: number;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * For each point that the undisturbed job passed: one kill there, and one kill there with a second one, at a point of
 * the way that was still to go. For each kind of point at which Codex ran: its death, and that of both.
 */
export function allScenarios(passed: readonly Passed[], random: () => number): Scenario[] {
  const places = number(passed);
  const orchestrator = { victims: "orchestrator" } as const;
  const once = places.map((first): Scenario => ({ first, second: null, ...orchestrator }));
  const twice = places.map(
    (first, index): Scenario => ({ first, second: pointAhead(passed.slice(index), random), ...orchestrator }),
  );
  const withCodex = Map.groupBy(
    places.filter(({ codex }) => codex > 0),
    ({ name }) => name,
  );
  const deaths = [...withCodex.values()].flatMap((kind) =>
    (["codex", "both"] as const).map((victims): Scenario => ({ first: pick(kind, random), second: null, victims })),
  );
  return [...once, ...twice, ...deaths].map(({ first: { name, number }, ...rest }) => ({
    first: { name, number },
    ...rest,
  }));
}

/** `count` of them, of as many kinds as there can be: what dies, how often, and where. */
export function choose(all: readonly Scenario[], count: number, random: () => number): Scenario[] {
  const kinds = shuffle([...Map.groupBy(all, kindOf).values()], random);
  // A kind of death (once, twice, Codex, both) after the other, so that a small choice has each of them.
  const deaths = shuffle([...Map.groupBy(kinds, ([one]) => deathOf(one as Scenario)).values()], random);
  const chosen: Scenario[] = [];
  for (let round = 0; chosen.length < Math.min(count, all.length); round++) {
    for (const kindsOfOne of deaths) {
      const kind = kindsOfOne[round % kindsOfOne.length] as Scenario[];
      const left = kind.filter((scenario) => !chosen.includes(scenario));
      if (left.length > 0 && chosen.length < count) chosen.push(pick(left, random));
    }
  }
  return chosen;
}

const deathOf = ({ victims, second }: Scenario): string => (second ? "twice" : victims);
const kindOf = (scenario: Scenario): string => `${deathOf(scenario)} ${scenario.first.name}`;

function number(passed: readonly Passed[]): Place[] {
  const counts = new Map<PointName, number>();
  return passed.map(({ name, codex }) => {
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    return { name, number, codex };
  });
}

/** A resume passes about the points that were still ahead. */
function pointAhead(ahead: readonly Passed[], random: () => number): Point {
  const places = number(ahead);
  const { name, number: count } = pick(places, random);
  return { name, number: count };
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}
