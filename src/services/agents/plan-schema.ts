/** The shape of the planner's answer, as the model is told it. What the words in it may be is judged in plan-check.ts. */

import { z } from "zod";

export const planAnswerSchema = z.object({
  summary: z.string().describe("How the task is solved, in a few sentences, for the person who asked."),
  subtasks: z.array(
    z.object({
      id: z.string().describe('Short and unique: lower-case letters, digits and hyphens, such as "add-parser".'),
      title: z.string().describe("One line, at most 80 characters."),
      instructions: z
        .string()
        .describe("Everything the subtask's agent needs to know. It sees nothing of this conversation."),
      dependsOn: z.array(z.string()).describe("Ids of the subtasks whose work this one needs."),
      files: z.array(z.string()).describe("Files that it will create or change, relative to the repository's root."),
    }),
  ),
});

/** An answer of the right shape, not yet judged. */
export type PlanAnswer = z.infer<typeof planAnswerSchema>;
