/**
 * Runs the crash workflow's job on a file, in plain Node, and kills itself on the way with SIGKILL: `before N` or
 * `after N` (its Nth commit), `inside ACTIVITY` (when the activity has begun and made its checkpoint), or `never`.
 * Prints the number of its commits if it comes to the end.
 */

import { openSqliteStore } from "../../store/sqlite/open.ts";
import { createEngine } from "../engine.ts";
import { crashActivities, crashWorkflows } from "./crash-workflow.ts";
import { aroundCommit } from "./failpoint.ts";

const [path = "", logFile = "", when, where] = process.argv.slice(2);

function dieIf(isTime: boolean): void {
  if (!isTime) return;
  process.kill(process.pid, "SIGKILL");
  // The signal is not handled before this line on every system; nothing more may happen.
  for (;;);
}

let commits = 0;
const file = await openSqliteStore(path);
const store = aroundCommit(file, (steps, commit) => {
  commits += 1;
  dieIf(when === "before" && commits === Number(where));
  const outcomes = commit(steps);
  dieIf(when === "after" && commits === Number(where));
  return outcomes;
});

const engine = createEngine({
  store,
  workflows: crashWorkflows,
  activities: crashActivities(logFile, (name) => dieIf(when === "inside" && name === where)),
  owner: { host: "here", bootId: "boot", pid: process.pid, processStart: String(Date.now()) },
  // Whoever had the job before was killed.
  isGone: () => true,
});
if (!store.getJob("j")) engine.start({ workflow: "trip", jobId: "j", input: null });
engine.signal({ jobId: "j", event: { type: "approve" }, id: "approve" });
await engine.run("j");
store.close();
console.log(commits);
