/** What orch says to programs: the lines of `--json`, and (the same shapes) what the server streams. */

import { z } from "zod";

const errorSchema = z.object({
  message: z.string(),
  code: z.string().optional(),
  /** What to do next. */
  hint: z.string().optional(),
});

const statSchema = z.object({ files: z.number(), insertions: z.number(), deletions: z.number() });

const usageSchema = z.object({
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningOutputTokens: z.number(),
});

/** What it cost in money, by the prices that are set now; null without. */
const costSchema = z
  .object({ amount: z.number(), currency: z.string(), unpriced: z.array(z.string()).readonly() })
  .nullable();

const jobId = z.string();
/** There if the job was begun with the setting that takes the sandbox away. */
const dangerouslyWithoutSandbox = z.literal(true).optional();

export const jobEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("job.started"),
    jobId,
    task: z.string(),
    repository: z.string(),
    baseCommit: z.string(),
    resultBranch: z.string(),
    dangerouslyWithoutSandbox,
  }),
  z.object({
    type: z.literal("job.resumed"),
    jobId,
    task: z.string(),
    repository: z.string(),
    dangerouslyWithoutSandbox,
  }),
  /** The job has moved on to another part of its work. */
  z.object({
    type: z.literal("job.phase"),
    jobId,
    phase: z.enum(["preparing", "planning", "working", "merging", "verifying", "describing", "pushing"]),
  }),
  /** Only of a workflow of one's own: its machine is in another state now. */
  z.object({
    type: z.literal("job.state"),
    jobId,
    state: z.string(),
    isWaiting: z.boolean(),
    /** Types of the events that it listens for there. */
    listensFor: z.array(z.string()),
  }),
  z.object({
    type: z.literal("plan.ready"),
    jobId,
    summary: z.string(),
    subtasks: z.array(z.object({ id: z.string(), title: z.string(), dependsOn: z.array(z.string()) })),
  }),
  /** The job waits for a person: `orch approve` or `orch reject`. */
  z.object({ type: z.literal("job.waiting"), jobId, for: z.literal("approval") }),
  z.object({ type: z.literal("subtask.started"), jobId, id: z.string(), title: z.string() }),
  /** The last thing that an agent, the planner or a merge was seen doing; `id` is null for the job's own work. */
  z.object({ type: z.literal("progress"), jobId, id: z.string().nullable(), line: z.string() }),
  /** Something failed and is tried again by itself at that time (milliseconds since the epoch). */
  z.object({
    type: z.literal("retry"),
    jobId,
    id: z.string().nullable(),
    error: errorSchema,
    at: z.number(),
  }),
  z.object({
    type: z.literal("subtask.finished"),
    jobId,
    id: z.string(),
    title: z.string(),
    status: z.enum(["done", "failed", "blocked", "skipped"]),
    commit: z.string().nullable(),
    stat: statSchema.nullable(),
    error: errorSchema.nullable(),
  }),
  /** Two subtasks changed the same lines; an agent is asked. `id` is the subtask in whose worktree, null for the result. */
  z.object({
    type: z.literal("merge.conflict"),
    jobId,
    id: z.string().nullable(),
    subtaskId: z.string(),
    files: z.array(z.string()),
  }),
  z.object({
    type: z.literal("verify.failed"),
    jobId,
    command: z.string(),
    exitCode: z.number().nullable(),
  }),
  /** The orchestrator stops; the job does not end: `orch resume` goes on with it. */
  z.object({ type: z.literal("job.interrupted"), jobId, resume: z.string() }),
  z.object({
    type: z.literal("job.finished"),
    jobId,
    status: z.enum(["done", "failed", "cancelled", "paused"]),
    resultBranch: z.string().nullable(),
    resultCommit: z.string().nullable(),
    stat: statSchema.nullable(),
    pushedTo: z.string().nullable(),
    usage: usageSchema,
    cost: costSchema,
    error: errorSchema.nullable(),
  }),
  /** The command itself failed: wrong usage, or something that no job can be blamed for. */
  z.object({ type: z.literal("error"), error: errorSchema }),
]);

export type JobEvent = z.infer<typeof jobEventSchema>;
