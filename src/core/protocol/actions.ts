/** What a page can have done. Every one of these requests is a POST with a JSON body, and needs the cookie. */

import { z } from "zod";
import { jsonSchema } from "./common.ts";

const jobIdSchema = z.string().min(1).max(64);

/** `POST /api/jobs` -> 201 `jobMadeSchema`. The job is begun at once, in the server's process. */
export const startJobSchema = z.strictObject({
  /** `repositories[].id` of the session. */
  repository: z.string().min(1).max(64),
  task: z.string().trim().min(1).max(100_000),
  jobId: jobIdSchema.optional(),
  baseBranch: z.string().min(1).max(250).optional(),
  concurrency: z.int().min(1).max(64).optional(),
  maxSubtasks: z.int().min(1).max(500).optional(),
  approvePlan: z.boolean().optional(),
  pushResult: z.boolean().optional(),
});
export type StartJob = z.infer<typeof startJobSchema>;

export const jobMadeSchema = z.object({ jobId: z.string() });
export type JobMade = z.infer<typeof jobMadeSchema>;

/** `POST /api/jobs/:job/actions` -> `doneSchema`; 409 `not-now` with a reason and a hint if it is not possible now. */
export const jobActionSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("approve") }),
  z.strictObject({ action: z.literal("reject"), feedback: z.string().trim().min(1).max(20_000) }),
  z.strictObject({ action: z.literal("cancel") }),
  z.strictObject({ action: z.literal("pause") }),
  /** Also runs the job here, if nobody does. So do `retry`, `skip`, `approve` and `reject`. */
  z.strictObject({ action: z.literal("continue") }),
  /** Runs it in the server's process. */
  z.strictObject({ action: z.literal("resume") }),
  z.strictObject({ action: z.literal("retry"), subtaskId: z.string().max(64).optional() }),
  z.strictObject({ action: z.literal("skip"), subtaskId: z.string().max(64) }),
]);
export type JobAction = z.infer<typeof jobActionSchema>;

export const doneSchema = z.object({
  /** What was done, a sentence for a person. */
  said: z.string(),
  /** Why the job does not run although it could (no key, no Codex); null if it runs or has no need to. */
  notRun: z.object({ message: z.string(), code: z.string().optional(), hint: z.string().optional() }).nullable(),
});
export type Done = z.infer<typeof doneSchema>;

/** `POST /api/jobs/:job/fork` -> 201 `jobMadeSchema`. The new job stands still until `resume`, unless `run`. */
export const forkJobSchema = z.strictObject({
  at: z.int().min(1),
  jobId: jobIdSchema.optional(),
  run: z.boolean().optional(),
});
export type ForkJob = z.infer<typeof forkJobSchema>;

/** `POST /api/jobs/:job/events` -> `doneSchema`: one of `GET …/events`, with its fields. */
export const sendEventSchema = z.strictObject({
  actorId: z.string().max(300).default("job"),
  type: z.string().min(1).max(100),
  fields: z.record(z.string().max(100), jsonSchema).default({}),
});
export type SendEvent = z.input<typeof sendEventSchema>;
