/** The planner's only tool: `run_repo_command`, as the model is told it. */

import { z } from "zod";
import type { RepoCommandCall } from "../commands/repo-command.ts";
import type { AgentsSdk } from "./agents-sdk.ts";

const parameters = z.object({
  command: z
    .array(z.string())
    .describe('The program and its words, each an element of its own: ["git", "grep", "-n", "createServer"].'),
  worktree: z
    .string()
    .nullish()
    .describe("Directory to run in, relative to the repository's root. Null for the root itself."),
  offset: z
    .int()
    .nonnegative()
    .nullish()
    .describe("How many characters of the output to leave out, to read on where an answer was cut. Null for none."),
});

export function repoCommandTool(sdk: AgentsSdk, run: (call: RepoCommandCall) => Promise<string>) {
  return sdk.tool({
    name: "run_repo_command",
    description:
      "Reads the repository, and tries it out. Runs git (subcommands that only read), ls, cat, pwd, node, npm, yarn, pnpm and pytest, without a shell: no pipes, no globs, no variables. There is no network, and what is not installed stays so. Programs that run code do so in a copy that is thrown away: nothing that they write is there for the next command. Returns the exit code, the output and the errors, cut when they are long.",
    parameters,
    execute: (call) => run(call),
    // A call of the wrong shape is told to the model; that a command could not be run at all ends the attempt.
    errorFunction: (_context, error) => {
      if (error instanceof sdk.ModelBehaviorError) return "refused: the call does not fit the tool's parameters";
      throw error;
    },
  });
}
