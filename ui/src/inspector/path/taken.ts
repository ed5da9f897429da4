/**
 * Which transitions an entry of the history stands for. The history says what came (the event) and what came of it (the
 * state afterwards), not how: where guards decide, the shortest way that ends in that state is taken. Pure.
 */

import type { ChartTransition } from "../../../../src/core/protocol/machine.ts";
import type { MachineIndex } from "./machine-index.ts";

/** `always` transitions that follow each other in one step, at most. */
const LONGEST_CHAIN = 6;
const MOST_WAYS = 400;

/**
 * @param before innermost active states; empty: the actor begins
 * @param after those after the event
 * @returns ids, in the order in which they were taken; empty if no way is known
 */
export function takenTransitions(
  machine: MachineIndex,
  before: readonly string[],
  event: string,
  after: readonly string[],
): string[] {
  const goal = keyOf(after);
  const start: Way = { leaves: before.length === 0 ? enter(machine, machine.chart.root) : before, taken: [] };
  let ways = before.length === 0 ? [start] : firstSteps(machine, start, event);
  const seen = new Set(ways.map(({ leaves }) => keyOf(leaves)));
  for (let length = 0; length <= LONGEST_CHAIN && ways.length > 0; length++) {
    const arrived = ways.find(({ leaves }) => keyOf(leaves) === goal);
    if (arrived) return arrived.taken.map(({ id }) => id);
    ways = ways
      .flatMap((way) => follow(machine, way, ({ kind }) => kind === "always"))
      .filter(({ leaves }) => !seen.has(keyOf(leaves)))
      .slice(0, MOST_WAYS);
    for (const { leaves } of ways) seen.add(keyOf(leaves));
  }
  return [];
}

interface Way {
  readonly leaves: readonly string[];
  readonly taken: readonly ChartTransition[];
}

/** In a parallel state each region may take the event for itself. */
function firstSteps(machine: MachineIndex, start: Way, event: string): Way[] {
  let ways: Way[] = [start];
  for (const leaf of start.leaves) {
    const more = ways
      .filter(({ leaves }) => leaves.includes(leaf))
      .flatMap((way) => follow(machine, way, (transition) => takes(transition, event), leaf));
    // Those in which this region takes it come first: it rarely stays where another moves.
    ways = [...more, ...ways].slice(0, MOST_WAYS);
  }
  return ways.filter(({ taken }) => taken.length > 0);
}

function follow(
  machine: MachineIndex,
  way: Way,
  isMeant: (transition: ChartTransition) => boolean,
  only?: string,
): Way[] {
  const found = new Map<string, Way>();
  for (const leaf of only === undefined ? way.leaves : [only]) {
    for (const source of machine.lineage(leaf)) {
      for (const transition of machine.transitionsOf(source)) {
        if (!isMeant(transition) || found.has(transition.id)) continue;
        const leaves = apply(machine, way.leaves, transition);
        found.set(transition.id, { leaves, taken: [...way.taken, transition] });
      }
    }
  }
  return [...found.values()];
}

/** Whether a transition listens to an event; its own type may end in a wildcard. */
function takes({ kind, event: own }: ChartTransition, event: string): boolean {
  if (kind === "always") return false;
  if (own === "*" || own === event) return true;
  return own.endsWith(".*") && event.startsWith(own.slice(0, -1));
}

function apply(machine: MachineIndex, leaves: readonly string[], { source, targets }: ChartTransition): string[] {
  if (targets.length === 0) return [...leaves];
  const domain = domainOf(machine, source, targets);
  const stay = leaves.filter((leaf) => !machine.isWithin(leaf, domain));
  const entered = new Set([...stay, ...targets.flatMap((target) => enter(machine, target))]);
  return [...entered, ...otherRegions(machine, domain, [...entered])];
}

/** The innermost state that holds the source and all targets, and is none of them: what is below it is left. */
function domainOf(machine: MachineIndex, source: string, targets: readonly string[]): string {
  const outer = machine.lineage(source);
  const isInner = targets.every((target) => target !== source && machine.isWithin(target, source));
  const candidates = isInner ? outer : outer.slice(1);
  const found = candidates.find(
    (id) =>
      machine.state(id)?.type === "compound" &&
      targets.every((target) => target !== id && machine.isWithin(target, id)),
  );
  return found ?? machine.chart.root;
}

/** The innermost states that are entered with a state. Where a history state leads is not known: its state's first. */
function enter(machine: MachineIndex, id: string): string[] {
  const state = machine.state(id);
  if (state === undefined) return [];
  if (state.type === "history" && state.parent !== null) return enter(machine, state.parent);
  if (state.type === "parallel") return regionsOf(machine, id).flatMap((child) => enter(machine, child));
  return state.type === "compound" && state.initial !== null ? enter(machine, state.initial) : [id];
}

/** Regions of a parallel state below `domain` that a transition into one of them enters as well. */
function otherRegions(machine: MachineIndex, domain: string, leaves: readonly string[]): string[] {
  const entered = leaves.filter((leaf) => machine.isWithin(leaf, domain));
  const parallels = new Set(
    entered.flatMap((leaf) => machine.lineage(leaf)).filter((id) => machine.state(id)?.type === "parallel"),
  );
  return [...parallels].flatMap((id) =>
    regionsOf(machine, id)
      .filter((region) => !leaves.some((leaf) => machine.isWithin(leaf, region)))
      .flatMap((region) => enter(machine, region)),
  );
}

function regionsOf(machine: MachineIndex, parallel: string): string[] {
  return (machine.state(parallel)?.children ?? []).filter((child) => machine.state(child)?.type !== "history");
}

function keyOf(leaves: readonly string[]): string {
  return leaves.toSorted().join(" ");
}
