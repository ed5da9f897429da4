/** Loads each file that it is given as `orch run --workflow` would, and prints what that says: one JSON object a line. */

import { OrchError } from "../core/errors.ts";
import { loadOwnWorkflow } from "./load-workflow.ts";
import { refuseUnfit } from "./registered.ts";

for (const path of process.argv.slice(2)) {
  try {
    refuseUnfit(await loadOwnWorkflow(path));
    console.log(JSON.stringify({ name: "none" }));
  } catch (error) {
    const { name, code, message, hint } = error as OrchError;
    console.log(JSON.stringify({ isOrchError: error instanceof OrchError, name, code, message, hint }));
  }
}
