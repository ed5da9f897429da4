/** `--workflow <file>`: a workflow of one's own. Its file is the user's program: it is run only when they name it. */

import { resolve } from "node:path";
import type { OwnWorkflow } from "../own-workflow/load-workflow.ts";
import type { Session } from "./session.ts";

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
