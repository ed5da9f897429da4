/** What a planner run leaves behind after each step, so that the next attempt goes on there. */

import { z } from "zod";

const count = z.int().nonnegative();

export const checkpointSchema = z.object({
  format: z.literal("orch-planner-1"),
  /** Hash of what was asked: a checkpoint of another question is not ours. */
  question: z.string(),
  /** The Agents SDK's run state before the newest request. */
  state: z.string(),
  /** Requests that are answered in `state`. */
  turns: count,
  /** The answer to the newest request, when it came: it is not asked, and paid, again. */
  reply: z.object({ output: z.array(z.json()), usage: z.json(), responseId: z.string().optional() }).nullable(),
  /** Answers so far, in all run states of this planning. */
  answers: count,
  /** Whether a plan was sent back already. */
  sentBack: z.boolean(),
  /** What all answers so far cost. */
  usage: z.object({
    inputTokens: count,
    cachedInputTokens: count,
    outputTokens: count,
    reasoningOutputTokens: count,
  }),
});

export type PlannerCheckpoint = z.infer<typeof checkpointSchema>;
export type StoredReply = NonNullable<PlannerCheckpoint["reply"]>;

/** The checkpoint in the details of a heartbeat, if it is one and belongs to `question`. */
export function readCheckpoint(details: unknown, question: string): PlannerCheckpoint | undefined {
  const read = checkpointSchema.safeParse(details);
  return read.success && read.data.question === question ? read.data : undefined;
}
