/** A job of so many activities in a row that do nothing: what is left is what a durable step costs. */

import { assign, setup } from "xstate";
import { activity } from "../../src/engine/testing/activity.ts";
import type { ActivityDefinition, Workflow } from "../../src/engine/workflow.ts";

export interface SteadyInput {
  readonly steps: number;
}

const machine = setup({
  types: { context: {} as { readonly steps: number; readonly done: number }, input: {} as SteadyInput },
  actors: { work: activity<{ readonly number: number }, { readonly number: number }>() },
  actions: { count: assign({ done: ({ context }) => context.done + 1 }) },
  guards: { isLast: ({ context }) => context.done + 1 === context.steps },
}).createMachine({
  id: "steady-job",
  context: ({ input }) => ({ steps: input.steps, done: 0 }),
  initial: "working",
  states: {
    working: {
      invoke: {
        id: "work",
        src: "work",
        input: ({ context }) => ({ number: context.done + 1 }),
        onDone: [
          { guard: "isLast", actions: "count", target: "done" },
          { actions: "count", target: "working", reenter: true },
        ],
      },
    },
    done: { type: "final" },
  },
  output: ({ context }) => ({ done: context.done }),
});

export const steadyJob: Workflow = { name: "steady-job", version: 1, machine };

export const steadyActivities: Readonly<Record<string, ActivityDefinition>> = {
  work: { run: async (input: { readonly number: number }) => input },
};
