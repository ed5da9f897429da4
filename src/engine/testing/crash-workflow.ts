/**
 * A job with one of everything: activities in a row and side by side, children, timers, a signal. Its activities leave a
 * line in a file when they begin, so that a test can say which of them ran, and how often.
 */

import { appendFileSync } from "node:fs";
import { type AnyStateMachine, assign, enqueueActions, setup } from "xstate";
import type { ActivityContext } from "../../core/activity.ts";
import type { Json } from "../../core/json.ts";
import type { ActivityDefinition, Workflow } from "../workflow.ts";
import { activity } from "./activity.ts";

const outputOf = (event: unknown) => (event as { output: unknown }).output;

const leg = setup({
  types: { context: {} as { to: string; walked: unknown }, input: {} as { to: string } },
  actors: { walk: activity<string>() },
  actions: { keep: assign({ walked: ({ event }) => outputOf(event) }) },
}).createMachine({
  id: "leg",
  context: ({ input }) => ({ to: input.to, walked: null }),
  initial: "walking",
  states: {
    walking: {
      invoke: {
        src: "walk",
        id: "walk",
        input: ({ context }) => context.to,
        onDone: { target: "resting", actions: "keep" },
      },
    },
    resting: { after: { 20: "done" } },
    done: { type: "final" },
  },
  output: ({ context }) => context.walked,
});

const trip = setup({
  types: { context: {} as { places: string[]; reached: string[]; merged: unknown } },
  actors: { plan: activity<null, string[]>(), leg: activity<{ to: string }>(), merge: activity<string[]>() },
  guards: { isAllReached: ({ context }) => context.reached.length === context.places.length },
  actions: {
    keepPlan: assign({ places: ({ event }) => outputOf(event) as string[] }),
    start: enqueueActions(({ context, enqueue }) => {
      for (const to of context.places) enqueue.spawnChild("leg", { id: to, input: { to } });
    }),
    reach: assign({ reached: ({ context, event }) => [...context.reached, outputOf(event) as string].sort() }),
    keepMerged: assign({ merged: ({ event }) => outputOf(event) }),
  },
}).createMachine({
  id: "trip",
  context: { places: [], reached: [], merged: null },
  initial: "planning",
  states: {
    planning: { invoke: { src: "plan", id: "plan", input: null, onDone: { target: "walking", actions: "keepPlan" } } },
    walking: {
      entry: "start",
      on: { "xstate.done.actor.*": { actions: "reach" } },
      always: { guard: "isAllReached", target: "waiting" },
    },
    waiting: { on: { approve: "pausing" } },
    pausing: { after: { 20: "merging" } },
    merging: {
      invoke: {
        src: "merge",
        id: "merge",
        input: ({ context }) => context.reached,
        onDone: { target: "done", actions: "keepMerged" },
      },
    },
    done: { type: "final" },
  },
  output: ({ context }) => context.merged,
});

export const crashWorkflows: readonly Workflow[] = [
  { name: "trip", version: 1, machine: trip as unknown as AnyStateMachine },
  { name: "leg", version: 1, machine: leg as unknown as AnyStateMachine },
];

export const crashJobOutput = "been to: east, north";

/** One line of the file. */
export interface Began {
  readonly name: string;
  readonly input: Json;
  readonly effectId: string;
  readonly attempt: number;
  readonly lastHeartbeat: Json | null;
}

/** @param inside called in each activity, after its line and its checkpoint are on disk */
export function crashActivities(
  logFile: string,
  inside: (name: string, input: Json) => void,
): Record<string, ActivityDefinition> {
  const begin = async (
    name: string,
    input: Json,
    { effectId, attempt, lastHeartbeat = null, checkpoint }: ActivityContext,
  ) => {
    const line: Began = { name, input, effectId, attempt, lastHeartbeat };
    appendFileSync(logFile, `${JSON.stringify(line)}\n`);
    await checkpoint({ reached: name });
    inside(name, input);
  };
  return {
    plan: {
      run: async (_input, context) => {
        await begin("plan", null, context);
        return ["north", "east"];
      },
    },
    walk: {
      run: async (to: string, context) => {
        await begin("walk", to, context);
        return to;
      },
    },
    merge: {
      run: async (places: string[], context) => {
        await begin("merge", places, context);
        return `been to: ${places.join(", ")}`;
      },
    },
  };
}
