/** `--workflow <file>`: a workflow of one's own. Its file is the user's program: it is run only when they name it. */

import { resolve } from "node:path";
import type { UsageError } from "../core/errors.ts";
import type { OwnWorkflow } from "../own-workflow/load-workflow.ts";
import type { Session } from "./session.ts";
import { wrongUsage } from "./wrong-usage.ts";

export const workflowFlag = {
  type: "string",
  valueHint: "file",
  description: "Run this workflow of your own, a .ts or .js file, instead of orch's coding job.",
} as const;

/** Everything for which it could not run durably is said at once. @throws UsageError as `loadOwnWorkflow` and `refuseUnfit` */
export async function chosenWorkflow(flag: unknown, { directory }: Session): Promise<OwnWorkflow | undefined> {
  if (flag === undefined) return undefined;
  const { loadOwnWorkflow } = await import("../own-workflow/load-workflow.ts");
  const { refuseUnfit } = await import("../own-workflow/registered.ts");
  const own = await loadOwnWorkflow(resolve(directory, String(flag)));
  refuseUnfit(own);
  return own;
}

export async function needsModel(own: OwnWorkflow): Promise<boolean> {
  const { needsOf } = await import("../own-workflow/registered.ts");
  return needsOf(own).model;
}

/** What a machine of one's own would do is known when it has done it: there is no plan to be shown. */
export function workflowInDryRun(): UsageError {
  return wrongUsage(
    "a dry run shows the plan of a coding job: a workflow of your own has none",
    "leave one of the two out",
  );
}
