/** The planner as the Agents SDK knows it: its words, its one tool, and the shape of its answer. */

import type { RepoCommandCall } from "../commands/repo-command.ts";
import type { AgentsSdk } from "./agents-sdk.ts";
import { planAnswerSchema } from "./plan-schema.ts";
import { plannerInstructions } from "./planner-prompt.ts";
import { repoCommandTool } from "./repo-command-tool.ts";

export type PlannerAgent = ReturnType<typeof createPlannerAgent>;

export interface PlannerAgentOptions {
  readonly model: string;
  readonly maxSubtasks: number;
  readonly runCommand: (call: RepoCommandCall) => Promise<string>;
}

export function createPlannerAgent(sdk: AgentsSdk, options: PlannerAgentOptions) {
  return new sdk.Agent({
    name: "planner",
    model: options.model,
    instructions: plannerInstructions(options.maxSubtasks),
    tools: [repoCommandTool(sdk, options.runCommand)],
    outputType: planAnswerSchema,
  });
}
