/** What `orch run --dry-run --json` says to programs: a line for each command that was skipped, then what would be done. */

import { z } from "zod";

const jobId = z.string();
const commands = z.object({ commands: z.array(z.string()), access: z.enum(["worktree", "network", "everything"]) });

export const dryRunEventSchema = z.discriminatedUnion("type", [
  /** The planner asked for it. `refused`: why it would not be run in a real job either. */
  z.object({
    type: z.literal("dry-run.skipped"),
    jobId,
    command: z.array(z.string()),
    directory: z.string(),
    refused: z.string().nullable(),
  }),
  z.object({
    type: z.literal("dry-run.planned"),
    jobId,
    task: z.string(),
    repository: z.string(),
    baseCommit: z.string(),
    baseBranch: z.string().nullable(),
    approvePlan: z.boolean(),
    summary: z.string(),
    /** In the order of their rounds: those of one round can be worked on at the same time. */
    subtasks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        instructions: z.string(),
        dependsOn: z.array(z.string()),
        files: z.array(z.string()),
        /** 1 for those that wait for no other. */
        round: z.number(),
        branch: z.string(),
        /** Relative to the repository. */
        worktree: z.string(),
      }),
    ),
    concurrency: z.number(),
    copy: z.array(z.string()),
    setup: commands,
    verify: commands,
    result: z.object({ branch: z.string(), worktree: z.string() }),
    /** Null if nothing would be pushed. */
    push: z.object({ remote: z.string(), url: z.string() }).nullable(),
    dangerouslyWithoutSandbox: z.boolean(),
    /** What the plan cost. */
    usage: z.object({
      inputTokens: z.number(),
      cachedInputTokens: z.number(),
      outputTokens: z.number(),
      reasoningOutputTokens: z.number(),
    }),
  }),
]);

export type DryRunEvent = z.infer<typeof dryRunEventSchema>;
