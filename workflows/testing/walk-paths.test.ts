/** The walk finds what it is there to find: it fails on machines that are not as they should be. */

import { expect, test } from "vitest";
import { type AnyStateMachine, assign, enqueueActions, setup } from "xstate";
import type { ErrorData } from "../../src/core/errors.ts";
import { activity } from "../../src/engine/testing/activity.ts";
import { brokenPromises } from "./broken-promises.ts";
import { trouble } from "./samples.ts";
import { type Scenario, unseen, walkPaths } from "./walk-paths.ts";

interface Context {
  readonly n: number;
  readonly error: ErrorData | null;
}

const parts = setup({
  types: { context: {} as Context, input: {} as object },
  actors: { work: activity<unknown, string>() },
  actions: {
    add: assign({ n: ({ context }) => context.n + 1 }),
    throw: assign(() => {
      throw new Error("broken here");
    }),
    again: enqueueActions(({ enqueue }) => enqueue.spawnChild("work", { id: "w" })),
  },
  guards: { never: () => false, isYes: ({ event }) => (event as { output?: unknown }).output === "yes" },
});

const context = { n: 0, error: null };
const scenario: Scenario<Context> = {
  input: {},
  answers: { work: () => ({ yes: { output: "yes" }, no: { output: "no" }, breaks: { error: trouble } }) },
  signals: { go: { type: "go" } },
};

type States = Parameters<typeof parts.createMachine>[0]["states"];

function walk(states: States, more: Partial<Scenario<Context>> = {}) {
  const machine = parts.createMachine({
    id: "m",
    context,
    initial: "a",
    states,
  } as never) as unknown as AnyStateMachine;
  return walkPaths<Context>(machine, { ...scenario, ...more });
}

const asks = { src: "work", id: "w", input: { what: "it" } } as const;
const problems = (states: States, more?: Partial<Scenario<Context>>) =>
  brokenPromises(walk(states, more), ({ state }) => state === "end");

test("a sound machine breaks no promise, and all of it is seen, each part on its shortest path", () => {
  const found = walk({
    a: { invoke: { ...asks, onDone: [{ guard: "isYes", target: "end" }, { target: "rest" }], onError: "rest" } },
    rest: { tags: "waiting", on: { go: "a" } },
    end: { type: "final" },
  } as never);
  expect(brokenPromises(found, ({ state }) => state === "end")).toEqual([]);
  expect(unseen([found])).toEqual([]);
  expect(Object.fromEntries([...found.seen].map(([part, path]) => [part, path.join(" > ")]))).toEqual({
    m: "",
    "m.a": "",
    "m.a: xstate.done.actor.w [isYes] -> m.end": "w: yes",
    "m.a: xstate.done.actor.w -> m.rest": "w: no",
    "m.a: xstate.error.actor.w -> m.rest": "w: breaks",
    "m.rest": "w: no",
    "m.rest: go -> m.a": "w: no > go",
    "m.end": "w: yes",
  });
});

test("a state and a transition that no path reaches are named, also those without an event", () => {
  const found = walk({
    a: { tags: "waiting", on: { go: [{ guard: "never", target: "b" }, { target: "end" }] } },
    b: { always: "end" },
    end: { type: "final" },
  } as never);
  expect(unseen([found])).toEqual(["m.b", "m.a: go [never] -> m.b", "m.b: always -> m.end"].sort(byPlace(found.parts)));
});

const byPlace = (order: readonly string[]) => (a: string, b: string) => order.indexOf(a) - order.indexOf(b);

test("transitions that look alike are told apart", () => {
  const found = walk({
    a: { tags: "waiting", on: { go: [{ guard: "never", actions: "add" }, { guard: "never" }] } },
  } as never);
  expect(unseen([found])).toEqual(["m.a: go [never] -> (stays)", "m.a: go [never] -> (stays) #2"]);
});

test.each<[string, object, string]>([
  [
    "a machine that throws",
    { a: { tags: "waiting", on: { go: { target: "end", actions: "throw" } } }, end: { type: "final" } },
    "start > go: the machine broke: ",
  ],
  ["a state that waits for nothing", { a: {} }, "start: it waits for nothing and says so to nobody"],
  [
    "a failure without a reason",
    { a: { tags: "failed", on: { go: "end" } }, end: { type: "final" } },
    "start: it has failed without saying why and what to do next",
  ],
  [
    "a place that no way leads on from",
    {
      a: { invoke: { ...asks, onDone: "end", onError: "b" } },
      b: { tags: "waiting", on: { go: "b" } },
      end: { type: "final" },
    },
    "start > w: breaks: no way leads to the goal any more",
  ],
  [
    "an input that is not there",
    { a: { invoke: { ...asks, input: { worktree: null }, onDone: "end", onError: "end" } }, end: { type: "final" } },
    "start > start: work is started without input.worktree",
  ],
  [
    "a loop that nobody asked for",
    { a: { invoke: { ...asks, onDone: "end", onError: { target: "a", reenter: true } } }, end: { type: "final" } },
    'start: "w: breaks" closes a loop that nobody asked for',
  ],
  [
    "a child that is believed to run after its end",
    {
      a: { entry: "again", on: { "xstate.done.actor.w": "b", "xstate.error.actor.w": "end" } },
      b: { tags: "waiting", on: { go: "end" } },
      end: { type: "final" },
    },
    "start > w: yes: it runs nothing, but believes it runs w",
  ],
])("found: %s", (_what, states, expected) => {
  expect(problems(states as never)).toContainEqual(expect.stringContaining(expected));
});

test("the walk does not go on where it cannot: an endless count, no answer, a second start, a timer", () => {
  const counting = { a: { tags: "waiting", on: { go: { actions: "add" } } } } as never;
  expect(() => walk(counting, { mostPlaces: 50 })).toThrow(/more than 50 places.*go > go/);
  expect(walk(counting, { relevant: () => null }).places).toHaveLength(1);

  const asking = { a: { invoke: asks } } as never;
  expect(() => walk(asking, { answers: {} })).toThrow('"work" is invoked on the path start, but has no answers');

  const twice = { a: { entry: "again", on: { go: { actions: "again" } } } } as never;
  expect(() => walk(twice)).toThrow('go: "w" is started while it runs');

  const timed = { a: { after: { 10: "b" } }, b: {} } as never;
  expect(() => walk(timed)).toThrow('does not know how to follow a "timer" yet');
});
