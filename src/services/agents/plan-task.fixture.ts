/** Runs `planTask` in a process of its own, for the tests that kill it: `node plan-task.fixture.ts INPUT URL CHECKPOINTS`. */

import type { PlanTaskInput } from "../../core/coding.ts";
import { FileContext, KEY, readCheckpoints, sandbox } from "./plan-task.testkit.ts";
import { createPlanTask } from "./plan-task.ts";

const [input, baseUrl, file] = process.argv.slice(2) as [string, string, string];
const context = new FileContext(file, readCheckpoints(file).at(-1));
const output = await createPlanTask({ apiKey: KEY, baseUrl, sandbox })(JSON.parse(input) as PlanTaskInput, context);
const listeners = ["SIGINT", "SIGTERM", "unhandledRejection"].map((event) => process.listenerCount(event));
process.stdout.write(JSON.stringify({ output, usage: [...context.usage], listeners }));
