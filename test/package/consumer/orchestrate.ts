/** A coding job from a user's program: the text, then the result as JSON. */

import { runOrchestrator } from "@orch/orch";

const run = runOrchestrator({ taskDescription: "Write the parts", jobId: "packed" });
console.log(await run);
console.log(JSON.stringify(await run.result));
