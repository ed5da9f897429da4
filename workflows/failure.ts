/** Failures that a machine itself finds, as error data. */

import type { RunCommandsOutput } from "../src/core/coding.ts";
import type { ErrorData } from "../src/core/errors.ts";

export function failure(code: string, message: string, hint: string): ErrorData {
  return { name: "OrchError", code, message, hint, retryable: false };
}

/** The error of a setup or verify command that did not exit with 0. */
export function commandFailure(code: string, what: string, { failure: failed }: RunCommandsOutput): ErrorData {
  const how = failed?.timedOut ? "took too long" : `exited with ${failed?.exitCode}`;
  const last = failed?.outputTail.trim().split("\n").at(-1) ?? "";
  return failure(
    code,
    `${what} failed: "${failed?.command}" ${how}${last && ` (${last})`}`,
    "see the job's log for the whole output; run the command in the worktree to try it",
  );
}
