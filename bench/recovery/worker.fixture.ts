/**
 * An orchestrator that takes up every open job of a database and says what it does, a line each: `loaded` when its code is
 * there, `step` for the first transition of each job that it commits. With `--begin N` it makes N jobs first.
 */

import { createEngine } from "../../src/engine/engine.ts";
import { isGone, thisOwner } from "../../src/services/owner.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { steadyJob } from "../steps/steady-job.ts";

/** So many that no job ends before it is killed. */
const STEPS = 1_000_000;
const WORK_MS = 5;

const [path = "", flag, count = "0"] = process.argv.slice(2);
console.log("loaded");
const store = await openSqliteStore(path);
const engine = createEngine({
  store,
  workflows: [steadyJob],
  activities: {
    work: { run: (input: unknown) => new Promise((resolve) => setTimeout(() => resolve(input), WORK_MS)) },
  },
  owner: await thisOwner(),
  isGone,
});
if (flag === "--begin") {
  for (let number = 1; number <= Number(count); number += 1) {
    engine.start({ workflow: steadyJob.name, jobId: `open-${number}`, input: { steps: STEPS } });
  }
}
for (const { id } of store.listOpenJobs()) {
  let isFirst = true;
  void engine.run(id, {
    onUpdate: ({ type }) => {
      if (type !== "step" || !isFirst) return;
      isFirst = false;
      console.log("step");
    },
  });
}
