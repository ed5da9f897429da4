/** Small workflows that many tests use. */

import { type AnyStateMachine, assign, setup } from "xstate";
import type { Workflow } from "../workflow.ts";
import { activity } from "./activity.ts";

/** Runs one activity after the other, in states of their names, then is `done` with their outputs. */
export function sequence(...names: readonly string[]): Workflow {
  const states = Object.fromEntries(
    names.map((name, index) => [
      name,
      { invoke: { src: name, id: name, onDone: { target: names[index + 1] ?? "done", actions: "keep" } } },
    ]),
  );
  const machine = setup({
    types: { context: {} as { outputs: unknown[] } },
    actors: Object.fromEntries(names.map((name) => [name, activity()])),
    actions: {
      keep: assign({ outputs: ({ context, event }) => [...context.outputs, (event as { output?: unknown }).output] }),
    },
  }).createMachine({
    id: "sequence",
    context: { outputs: [] },
    initial: names[0],
    states: { ...states, done: { type: "final" } },
    output: ({ context }: { context: { outputs: unknown[] } }) => context.outputs,
  } as never);
  return { name: "sequence", version: 1, machine: machine as unknown as AnyStateMachine };
}

/** Asks until it is told to stop. */
export const cancellable: Workflow = {
  name: "cancellable",
  version: 1,
  machine: setup({ actors: { ask: activity() } }).createMachine({
    id: "cancellable",
    initial: "asking",
    states: {
      asking: { invoke: { src: "ask", id: "ask", onDone: "asked" }, on: { stop: "stopped" } },
      asked: { type: "final" },
      stopped: { type: "final" },
    },
  }) as unknown as AnyStateMachine,
};

/** `asking` (activity `ask`) → `waiting` for `approve` or `reject` (asks again) → `acting` (activity `act`) → done. */
export const approval: Workflow = {
  name: "approval",
  version: 1,
  machine: setup({
    types: { context: {} as { outputs: unknown[] }, tags: {} as "waiting" },
    actors: { ask: activity(), act: activity() },
    actions: {
      keep: assign({ outputs: ({ context, event }) => [...context.outputs, (event as { output?: unknown }).output] }),
    },
  }).createMachine({
    id: "approval",
    context: { outputs: [] },
    initial: "asking",
    states: {
      asking: { invoke: { src: "ask", id: "ask", onDone: { target: "waiting", actions: "keep" } } },
      waiting: { tags: "waiting", on: { approve: "acting", reject: "asking" } },
      acting: { invoke: { src: "act", id: "act", onDone: { target: "done", actions: "keep" } } },
      done: { type: "final" },
    },
    output: ({ context }) => context.outputs,
  }) as unknown as AnyStateMachine,
};
