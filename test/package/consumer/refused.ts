/** Wrong use, as a user's program meets it. */

import { runOrchestrator, UsageError } from "@orch/orch";

try {
  await runOrchestrator({ taskDescription: "" });
} catch (error) {
  if (error instanceof UsageError) console.log(error.code, "|", error.message, "|", error.hint);
}
