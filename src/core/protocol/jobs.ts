/** Jobs: in the list, and one of them at a glance, now or at a point of its history. */

import { z } from "zod";
import {
  costSchema,
  diffStatSchema,
  errorViewSchema,
  fullErrorSchema,
  jobStateSchema,
  jsonSchema,
  subtaskStatusSchema,
  usageSchema,
} from "./common.ts";

const repositorySchema = z.object({
  /** Names the repository in `POST /api/jobs`; the server takes no path. */
  id: z.string(),
  /** Last part of its path. */
  name: z.string(),
  path: z.string(),
});
export type RepositoryView = z.infer<typeof repositorySchema>;

export const progressSchema = z.object({
  total: z.number(),
  done: z.number(),
  running: z.number(),
  failed: z.number(),
  blocked: z.number(),
  skipped: z.number(),
});
export type Progress = z.infer<typeof progressSchema>;

export const jobItemSchema = z.object({
  id: z.string(),
  /** Name of its root machine. */
  workflow: z.string(),
  state: jobStateSchema,
  /** Where its machine stands: `planning`, `awaitingApproval`, `working` …; null before its first step. */
  phase: z.string().nullable(),
  /** The orchestrator that has it now; `isHere`: this server's own process. */
  runBy: z.object({ host: z.string(), pid: z.number(), isHere: z.boolean() }).nullable(),
  task: z.string(),
  repository: repositorySchema,
  baseBranch: z.string().nullable(),
  /** `result-<job>`, once there is a result on it. */
  resultBranch: z.string().nullable(),
  progress: progressSchema,
  usage: usageSchema,
  /** Null without prices. */
  cost: costSchema.nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** When it settled (done, failed, cancelled, paused); null while it has not. */
  settledAt: z.number().nullable(),
  /** Number of the last entry of its history; 0 before the first. */
  seq: z.number(),
  error: errorViewSchema.nullable(),
});
/** A job as the list shows it. */
export type JobItem = z.infer<typeof jobItemSchema>;

/** `GET /api/jobs`. `text` is looked for in id, task, repository and branch, without regard to case. */
export const jobsQuerySchema = z.object({
  text: z.string().max(200).optional(),
  /** Several, by commas. */
  state: z.string().max(100).optional(),
  /** A repository's id. */
  repository: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(200).optional(),
});

export const jobsPageSchema = z.object({
  /** Newest first. */
  jobs: z.array(jobItemSchema),
  /** Asks for the jobs behind these; null at the end. A page may be short, even empty, and still have a next one. */
  next: z.string().nullable(),
});
export type JobsPage = z.infer<typeof jobsPageSchema>;

export const subtaskSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** The planner's words to the agent. Only in `GET /api/jobs/:job`, and null in the stream's changes. */
  instructions: z.string().nullable(),
  dependsOn: z.array(z.string()),
  status: subtaskStatusSchema,
  /** Where its own machine stands (`coding`, `checking` …); null as long as it has none. */
  phase: z.string().nullable(),
  /** The actor of its latest try; the same for each. Null before the first. */
  actorId: z.string().nullable(),
  /** How often it was begun. */
  tries: z.number(),
  startedAt: z.number().nullable(),
  /** Null while it is not over. */
  finishedAt: z.number().nullable(),
  /** The last thing that was seen of what is going on in it. */
  line: z.string().nullable(),
  usage: usageSchema,
  cost: costSchema.nullable(),
  commit: z.string().nullable(),
  stat: diffStatSchema.nullable(),
  error: fullErrorSchema.nullable(),
  /** Set while something of it failed and will be tried again by itself at that time. */
  retry: z.object({ at: z.number(), attempt: z.number(), error: errorViewSchema.nullable() }).nullable(),
});
export type SubtaskItem = z.infer<typeof subtaskSchema>;

export const ACTIONS = ["approve", "reject", "cancel", "pause", "continue", "resume", "retry", "skip", "fork"] as const;
export const actionNameSchema = z.enum(ACTIONS);
export type ActionName = z.infer<typeof actionNameSchema>;

export const actionSchema = z.object({
  action: actionNameSchema,
  isPossible: z.boolean(),
  /** Why not, and what to do instead; null if it is possible. */
  reason: errorViewSchema.nullable(),
  /** For `retry` and `skip`: the subtasks that it can be said of. */
  subtaskIds: z.array(z.string()),
});
export type ActionView = z.infer<typeof actionSchema>;

/** What the job waits for, in the words of the page. */
export const waitingSchema = z.discriminatedUnion("for", [
  z.object({ for: z.literal("approval") }),
  /** Nobody runs it: `resume`. */
  z.object({ for: z.literal("resume") }),
  z.object({ for: z.literal("continue") }),
  /** It failed: `retry`, `skip` or `cancel`. */
  z.object({ for: z.literal("decision") }),
  /** An attempt failed and is made again by itself at that time; `subtaskId` null: the job's own work. */
  z.object({
    for: z.literal("retry"),
    subtaskId: z.string().nullable(),
    at: z.number(),
    error: errorViewSchema.nullable(),
  }),
]);
export type Waiting = z.infer<typeof waitingSchema>;

/** A job without its subtasks: what the stream sends again when it changes. */
export const jobHeadSchema = jobItemSchema.extend({
  /** The newest entry of its history that this shows. For `at/:seq` it is that one. */
  seq: z.number(),
  /** False for a workflow of somebody's own: it has no plan, no subtasks, no result, no settings. */
  isCodingJob: z.boolean(),
  /** What it answered, if it is no coding job; null while it has not ended. */
  output: jsonSchema.nullable(),
  baseCommit: z.string(),
  /** The planner's words; empty before there is a plan. */
  summary: z.string(),
  asksApproval: z.boolean(),
  waitsFor: z.array(waitingSchema),
  /** Every action, possible or not. Empty at a point of the past. */
  actions: z.array(actionSchema),
  /** Words that it was told and has not taken yet. */
  pending: z.array(z.object({ type: z.string(), subtaskId: z.string().nullable() })),
  forkedFrom: z.object({ jobId: z.string(), at: z.number() }).nullable(),
  /** Null until it is done. `commit` is the result even where `branch` is null (every subtask was skipped). */
  result: z
    .object({
      branch: z.string().nullable(),
      commit: z.string().nullable(),
      stat: diffStatSchema.nullable(),
      pushedTo: z.string().nullable(),
    })
    .nullable(),
  /** What the job as a whole failed of, with its causes. */
  failure: fullErrorSchema.nullable(),
  /** What goes on in the job's own work (planning, merging, verifying …). */
  line: z.string().nullable(),
  /** Tokens of the planner and of the job's own agents (conflicts in the result, repairs). */
  ownUsage: usageSchema,
  ownCost: costSchema.nullable(),
  settings: z.object({
    concurrency: z.number(),
    maxSubtasks: z.number(),
    plannerModel: z.string(),
    codexModel: z.string().nullable(),
    setup: z.array(z.string()),
    verify: z.array(z.string()),
  }),
  paths: z.object({ log: z.string(), worktrees: z.string() }),
});
export type JobHead = z.infer<typeof jobHeadSchema>;

/** `GET /api/jobs/:job` */
export const jobDetailSchema = z.object({ job: jobHeadSchema, subtasks: z.array(subtaskSchema) });
export type JobDetail = z.infer<typeof jobDetailSchema>;

/** `GET /api/session`: what the pages ask first. */
export const sessionSchema = z.object({
  version: z.string(),
  now: z.number(),
  /** Where a job can be started: the folders that the server was started for, and those that have jobs. */
  repositories: z.array(repositorySchema),
  /** Whether this server can run jobs; an error (no key, no Codex) if it cannot. Null: not tried yet. */
  runner: z.object({ isReady: z.boolean(), error: errorViewSchema.nullable() }).nullable(),
});
export type SessionView = z.infer<typeof sessionSchema>;
