/**
 * An orchestrator of one activity, as a process of its own: reads `run JOB AT` (milliseconds since the epoch) and
 * `finish`, says `began JOB`, `done JOB` or `CODE JOB`. The activity lasts until `finish`.
 */

import { createInterface } from "node:readline";
import { createEngine } from "../../src/engine/engine.ts";
import { sequence } from "../../src/engine/testing/workflows.ts";
import { isGone, thisOwner } from "../../src/services/owner.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";

let finish = () => {};
const store = await openSqliteStore(process.argv[2] ?? "");
const engine = createEngine({
  store,
  workflows: [sequence("hold")],
  activities: {
    hold: {
      run: (_input, { jobId }) =>
        new Promise<string>((resolve) => {
          console.log(`began ${jobId}`);
          finish = () => resolve("held");
        }),
    },
  },
  owner: await thisOwner(),
  isGone,
});

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [word, jobId = "", at] = line.split(" ");
  if (word === "finish") {
    finish();
    continue;
  }
  // Both wake at the same instant, to the millisecond: a timer would be less exact.
  while (Date.now() < Number(at));
  engine.run(jobId).then(
    ({ status }) => console.log(`${status} ${jobId}`),
    (error: { readonly code?: string }) => console.log(`${error.code} ${jobId}`),
  );
}
