/**
 * The WebSocket `/ws`, and the same messages as `text/event-stream` at `/api/stream`.
 *
 * A client says what it watches, in the address (`/ws?job=<id>&since=<seq>`, `/ws?jobs=1`) or by messages. Without
 * `job` and without `jobs` it watches the active job: the newest that runs, else the newest. Each message about a job
 * carries the number of the last history entry that it shows; entries come in order, each once. A client that comes back
 * says as `since` the number of the last entry that it has (`seq` of the last `update`), and goes on there.
 */

import { z } from "zod";
import { actorSchema, entrySchema } from "./history.ts";
import { jobHeadSchema, jobItemSchema, subtaskSchema } from "./jobs.ts";

/** At most 4 KB each. */
export const clientMessageSchema = z.discriminatedUnion("type", [
  /** Replaces the job that is watched. `job` null: the active one. `since`: the last entry that the client has. */
  z.strictObject({
    type: z.literal("watch"),
    job: z.string().max(64).nullable(),
    since: z.int().min(0).default(0),
  }),
  z.strictObject({ type: z.literal("unwatch") }),
  z.strictObject({ type: z.literal("watch-jobs") }),
  z.strictObject({ type: z.literal("unwatch-jobs") }),
  /** Tells when a log of the watched job grows; null: none. */
  z.strictObject({ type: z.literal("watch-log"), log: z.string().max(200).nullable() }),
  z.strictObject({ type: z.literal("ping") }),
]);
export type ClientMessage = z.input<typeof clientMessageSchema>;

export const serverMessageSchema = z.discriminatedUnion("type", [
  /** First of all. */
  z.object({ type: z.literal("hello"), version: z.string(), now: z.number() }),
  z.object({ type: z.literal("pong"), now: z.number() }),
  /**
   * Begins a watched job: all of it as it is now, up to entry `seq`. The entries between `since` and `seq` follow in
   * `update` messages, oldest first.
   */
  z.object({
    type: z.literal("job"),
    jobId: z.string(),
    /** The last entry that `job`, `subtasks` and `actors` show. Not a `since`: the entries themselves come later. */
    seq: z.number(),
    /** The entry behind which `update`s begin: what the client said, or 0 if the job's history is shorter than that. */
    since: z.number(),
    job: jobHeadSchema,
    subtasks: z.array(subtaskSchema),
    actors: z.array(actorSchema),
  }),
  /**
   * What was committed since the last message. `seq`: the last of `entries`, or of the message before if there are
   * none (a heartbeat, a lease, tokens). `job`, `subtasks` and `actors` hold only what changed, and may be ahead of
   * `seq` while older entries are still on their way.
   */
  z.object({
    type: z.literal("update"),
    jobId: z.string(),
    seq: z.number(),
    entries: z.array(entrySchema),
    job: jobHeadSchema.nullable(),
    subtasks: z.array(subtaskSchema),
    actors: z.array(actorSchema),
  }),
  /** There is no job to watch (yet). The active job is watched as soon as there is one. */
  z.object({ type: z.literal("no-job"), jobId: z.string().nullable() }),
  /** The newest jobs (at most 200), newest first. */
  z.object({ type: z.literal("jobs"), jobs: z.array(jobItemSchema) }),
  /** Those that are new or changed. */
  z.object({ type: z.literal("jobs-changed"), jobs: z.array(jobItemSchema) }),
  z.object({ type: z.literal("log-grown"), jobId: z.string(), log: z.string(), bytes: z.number() }),
  /** What the client said was refused; the connection stays. */
  z.object({
    type: z.literal("error"),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
  }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
