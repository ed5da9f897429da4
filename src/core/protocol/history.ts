/** A job's history and its actors, now or at any point. */

import { z } from "zod";
import { errorViewSchema, fullErrorSchema, jsonSchema } from "./common.ts";
import { jobDetailSchema } from "./jobs.ts";

/** What a transition wanted done, in short. `src` is the name of the activity or workflow. */
export const effectSchema = z.object({
  type: z.enum(["invoke", "stop", "timer", "cancel-timer", "send", "emit"]),
  id: z.string().nullable(),
  src: z.string().nullable(),
  delayMs: z.number().nullable(),
});
export type EffectView = z.infer<typeof effectSchema>;

/** An entry of the history, without long texts. */
export const entrySchema = z.object({
  seq: z.number(),
  at: z.number(),
  /** `job` for the root, `job/<subtask>`, `job/<subtask>/integration` … */
  actorId: z.string(),
  /** Type of the event that the actor took: `xstate.init`, `xstate.done.actor.<id>`, `job.cancel` … */
  event: z.string(),
  /** The actor's state value afterwards: a string, or nested objects, as XState writes it. */
  state: jsonSchema,
  effects: z.array(effectSchema),
  /** Set if the event carries an error. */
  error: errorViewSchema.nullable(),
});
export type HistoryEntry = z.infer<typeof entrySchema>;

export const historyQuerySchema = z.object({
  /** Entries with a greater number, oldest first. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});

/** `GET /api/jobs/:job/history` */
export const historyPageSchema = z.object({
  entries: z.array(entrySchema),
  /** Number of the job's last entry. */
  last: z.number(),
  /** `after` of the next page; null at the end. */
  next: z.number().nullable(),
});
export type HistoryPage = z.infer<typeof historyPageSchema>;

/** One change of a context, by its path (`board.2.status`). `before` or `after` is absent if it was not there. */
export const changeSchema = z.object({
  path: z.string(),
  before: jsonSchema.optional(),
  after: jsonSchema.optional(),
});
export type ContextChange = z.infer<typeof changeSchema>;

/** `GET /api/jobs/:job/history/:seq`: an entry with all that it carries. Long texts are cut. */
export const fullEntrySchema = entrySchema.extend({
  payload: jsonSchema,
  fullEffects: z.array(jsonSchema),
  /** State before; null for an actor's first entry. */
  stateBefore: jsonSchema.nullable(),
  changes: z.array(changeSchema),
  changesCut: z.boolean(),
});
export type FullEntry = z.infer<typeof fullEntrySchema>;

export const actorStatusSchema = z.enum(["active", "done", "error", "stopped"]);

export const actorSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  /** The id that the parent knows it by. */
  invokeId: z.string().nullable(),
  workflow: z.string(),
  version: z.number(),
  status: actorStatusSchema,
  /** Null before its first transition. */
  state: jsonSchema.nullable(),
  /** Number of the last entry that changed it. */
  seq: z.number(),
});
export type ActorItem = z.infer<typeof actorSchema>;

/** `GET /api/jobs/:job/actors` */
export const actorsSchema = z.object({ seq: z.number(), actors: z.array(actorSchema) });
export type ActorsView = z.infer<typeof actorsSchema>;

export const activitySchema = z.object({
  effectId: z.string(),
  /** The id that the machine knows it by. */
  invokeId: z.string(),
  name: z.string(),
  status: z.enum(["scheduled", "completed", "failed", "cancelled"]),
  /** Attempts begun; 0: not yet. At a point of the past it is not known: null. */
  attempt: z.number().nullable(),
  failures: z.number().nullable(),
  scheduledAt: z.number(),
  finishedAt: z.number().nullable(),
  /** The next attempt starts then. Null if none is waited for. */
  dueAt: z.number().nullable(),
  /** The last thing that it said of itself. */
  line: z.string().nullable(),
  error: fullErrorSchema.nullable(),
  /** Number of the entry that asked for it. */
  seq: z.number(),
});
export type ActivityItem = z.infer<typeof activitySchema>;

/** `GET /api/jobs/:job/actor?id=…&at=…` */
export const actorDetailSchema = actorSchema.extend({
  /** Whole, up to 1 MB; cut texts end in "…". */
  context: jsonSchema.nullable(),
  /** What its last entry (up to that point) changed. */
  changes: z.array(changeSchema),
  tags: z.array(z.string()),
  /** Every call of an activity so far, newest first, at most 200. */
  activities: z.array(activitySchema),
  timers: z.array(z.object({ sendId: z.string(), event: z.string(), fireAt: z.number() })),
  /** Events that wait for it. */
  signals: z.array(z.object({ id: z.string(), event: z.string(), createdAt: z.number().nullable() })),
});
export type ActorDetail = z.infer<typeof actorDetailSchema>;

/**
 * `GET /api/jobs/:job/at/:seq?actor=…`: the whole job as it was after that entry. `actor`: whose context is wanted
 * (default: the entry's own).
 */
export const pointSchema = z.object({
  entry: entrySchema,
  detail: jobDetailSchema,
  actors: z.array(actorSchema),
  actor: actorDetailSchema.nullable(),
  /**
   * Entry from which on the machines of this orch do something else than they did then; null: they do the same. Contexts
   * of later points cannot be known then, states can.
   */
  divergesAt: z.number().nullable(),
});
export type PointView = z.infer<typeof pointSchema>;
