/** Charts of machines that nobody wrote: nested, parallel, with history, self transitions, jumps in and out, long words. */

import fc from "fast-check";
import type { Chart, ChartState, ChartTransition } from "../../../../src/core/protocol/machine.ts";

interface Shape {
  readonly type: ChartState["type"];
  readonly children: readonly Shape[];
  readonly name: string;
}

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("idle", "busy", "waiting", "done", "failed") },
  { weight: 1, arbitrary: fc.constant("waitingForTheAnswerOfAVerySlowServiceThatNobodyEverHeardOfBefore") },
  { weight: 1, arbitrary: fc.constant("面倒な状態") },
);

const { shape } = fc.letrec<{ leaf: Shape; compound: Shape; parallel: Shape; shape: Shape }>((tie) => ({
  leaf: fc.record({
    name,
    children: fc.constant([]),
    type: fc.constantFrom("atomic" as const, "atomic" as const, "final" as const, "history" as const),
  }),
  compound: fc.record({
    name,
    children: fc.array(tie("shape"), { minLength: 1, maxLength: 4 }),
    type: fc.constant("compound" as const),
  }),
  parallel: fc.record({
    name,
    children: fc.array(tie("compound"), { minLength: 2, maxLength: 3 }),
    type: fc.constant("parallel" as const),
  }),
  shape: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie("leaf"), tie("compound"), tie("parallel")),
}));

const transition = fc.record({
  source: fc.nat(),
  targets: fc.array(fc.nat(), { maxLength: 2 }),
  kind: fc.constantFrom("event" as const, "done" as const, "error" as const, "after" as const, "always" as const),
  event: fc.constantFrom("go", "stop", "a.very.long.event.name.that.no.label.has.room.for.in.any.chart"),
  guard: fc.option(fc.constantFrom("isReady", "hasEverythingThatItNeedsToGoOnWithoutAnybodyLookingAtIt")),
  delay: fc.constantFrom("500", "90000", "untilTheLimitEnds"),
});

/** Every transition leads somewhere that exists; whether a machine would ever take it is no matter of a layout. */
export const randomChart: fc.Arbitrary<Chart> = fc
  .record({
    states: fc.array(shape, { minLength: 1, maxLength: 6 }),
    transitions: fc.array(transition, { maxLength: 30 }),
  })
  .map(({ states, transitions }) => {
    const all: ChartState[] = [];
    const add = (one: Shape, path: readonly string[], parent: string | null, index: number): string => {
      const key = parent === null ? "machine" : `${one.name}${index}`;
      const id = parent === null ? key : `${parent}.${key}`;
      const own = parent === null ? [] : [...path, key];
      const at = all.length;
      all.push(undefined as unknown as ChartState);
      const children = one.children.map((child, n) => add(child, own, id, n));
      all[at] = {
        ...{ id, key, path: own, parent, children, type: one.type, tags: [], description: null },
        history: one.type === "history" ? "shallow" : null,
        initial: one.type === "compound" ? (children[0] ?? null) : null,
        invokes: index % 3 === 1 && one.type === "atomic" ? [{ id: "call", src: "callSomebody", workflow: null }] : [],
        ...{ spawns: [], entry: index % 4 === 3 ? ["note"] : [], exit: [] },
      };
      return id;
    };
    add({ type: "compound", children: states, name: "machine" }, [], null, 0);
    const sources = all.filter(({ type }) => type !== "history" && type !== "final");
    const idAt = (of: readonly ChartState[], n: number) => (of[n % of.length] as ChartState).id;
    const made = transitions.map(({ source, targets, kind, event, guard, delay }, n): ChartTransition => {
      const from = idAt(sources, source);
      return {
        ...{ id: `${from}#${n}`, source: from, targets: [...new Set(targets.map((to) => idAt(all, to)))] },
        ...{ kind, guard, actions: [], isReentering: n % 2 === 0 },
        event: kind === "always" ? "" : event,
        service: kind === "done" || kind === "error" ? "call" : null,
        delay: kind === "after" ? delay : null,
      };
    });
    return { name: "machine", version: 1, definitionHash: "0", root: "machine", states: all, transitions: made };
  });
