/**
 * A process beside the tests' own. Says "ready", and at each line it is told does one thing: `open` the database of its
 * first argument, `job ID`, `signal ID TYPE`. Answers each with "ok".
 */

import { createInterface } from "node:readline";
import { openSqliteStore } from "../sqlite/open.ts";
import type { Store } from "../store.ts";

const path = process.argv[2] as string;
let store: Store | undefined;
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [command, id = "", type = "go"] = line.split(" ");
  if (command === "open") store = await openSqliteStore(path);
  const now = Date.now();
  if (command === "job") {
    store?.createJob({ id, workflow: "flow", version: 1, definitionHash: "", input: null, labels: {}, now });
  }
  if (command === "signal") store?.addSignal({ jobId: "j", id, actorId: "job", event: { type }, now });
  console.log("ok");
}
store?.close();
