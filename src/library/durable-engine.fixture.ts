/** A program that begins order `a`, or goes on with it, and prints each entry as it is committed, then the result. */

import { createEngine } from "./durable-engine.ts";
import { openStore } from "./open-store.ts";
import { orderWorkflow } from "./testing/order.ts";

const [database = "", journal = ""] = process.argv.slice(2);
using store = await openStore(database);
const order = orderWorkflow(journal);
await using engine = await createEngine({ store, workflows: [order] });
const job = await engine.startOrResume(order, { jobId: "a", input: { amount: 5 } });
for await (const { seq, actorId, state } of job.watch()) console.log(JSON.stringify([seq, actorId, state]));
console.log(JSON.stringify(await job.result()));
