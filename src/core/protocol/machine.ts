/** A workflow's statechart as plain data, for the inspector, and the events that a job can take now. */

import { z } from "zod";

export const transitionSchema = z.object({
  /** Unique in the machine: `<source state id>#<number>`. */
  id: z.string(),
  source: z.string(),
  /** Ids of states; empty: it stays where it is (an internal transition or actions only). */
  targets: z.array(z.string()),
  /** `event`: a word from outside; `done`, `error`: of the invoked service `service`; `after`; `always`. */
  kind: z.enum(["event", "done", "error", "after", "always"]),
  /** As XState has it: `job.cancel`, `xstate.done.actor.plan`, `xstate.after.1000.…`; empty for `always`. */
  event: z.string(),
  service: z.string().nullable(),
  delay: z.string().nullable(),
  guard: z.string().nullable(),
  actions: z.array(z.string()),
  isReentering: z.boolean(),
});
export type ChartTransition = z.infer<typeof transitionSchema>;

export const chartStateSchema = z.object({
  /** `coding-job.verifying.running` */
  id: z.string(),
  key: z.string(),
  /** Keys from the root, as `state` values name it; empty for the root. */
  path: z.array(z.string()),
  parent: z.string().nullable(),
  children: z.array(z.string()),
  type: z.enum(["atomic", "compound", "parallel", "final", "history"]),
  /** Only of a history state. */
  history: z.enum(["shallow", "deep"]).nullable(),
  initial: z.string().nullable(),
  tags: z.array(z.string()),
  description: z.string().nullable(),
  /** `workflow`: the name of a child machine that opens in place; null for an activity. */
  invokes: z.array(z.object({ id: z.string(), src: z.string(), workflow: z.string().nullable() })),
  /** Child machines that an entry or transition of this state starts (`spawnChild`), by name. */
  spawns: z.array(z.string()),
  entry: z.array(z.string()),
  exit: z.array(z.string()),
});
export type ChartState = z.infer<typeof chartStateSchema>;

/** `GET /api/machines/:name/:version` */
export const chartSchema = z.object({
  name: z.string(),
  version: z.number(),
  definitionHash: z.string(),
  root: z.string(),
  /** Parents before children, in document order. */
  states: z.array(chartStateSchema),
  transitions: z.array(transitionSchema),
});
export type Chart = z.infer<typeof chartSchema>;

/** `GET /api/machines` */
export const machinesSchema = z.object({
  machines: z.array(z.object({ name: z.string(), version: z.number(), definitionHash: z.string() })),
});
export type MachinesView = z.infer<typeof machinesSchema>;

export const possibleEventSchema = z.object({
  type: z.string(),
  actorId: z.string(),
  /** What has to be said with it. */
  fields: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(["text", "choice"]),
      isRequired: z.boolean(),
      /** For a choice. */
      values: z.array(z.string()),
    }),
  ),
  /** Ids of the states that it leads to, without fields; null if that depends on them. */
  targets: z.array(z.string()).nullable(),
});
export type PossibleEvent = z.infer<typeof possibleEventSchema>;

/** `GET /api/jobs/:job/events` */
export const possibleEventsSchema = z.object({ seq: z.number(), events: z.array(possibleEventSchema) });
export type PossibleEvents = z.infer<typeof possibleEventsSchema>;
