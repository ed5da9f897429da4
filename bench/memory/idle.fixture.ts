/**
 * An orchestrator with so many jobs that wait, half of them for a timer and half for a person. Says its memory, in bytes: as
 * soon as all of them wait, and once it has given back what it did not need any more.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { setup } from "xstate";
import { collectGarbage, IdleMemory } from "../../src/cli/idle-memory.ts";
import { createEngine } from "../../src/engine/engine.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import "../../src/orch.ts";

const [path = "", count = "1"] = process.argv.slice(2);

const machine = setup({
  types: { input: {} as { readonly forTimer: boolean }, context: {} as { readonly notes: readonly string[] } },
  guards: { isForTimer: ({ event }) => (event as unknown as { input: { forTimer: boolean } }).input.forTimer },
}).createMachine({
  id: "waiting-job",
  // As much as a small coding job keeps.
  context: {
    notes: Array.from({ length: 20 }, (_, index) => `Note ${index + 1}: ${"what was found out. ".repeat(5)}`),
  },
  initial: "deciding",
  states: {
    deciding: { always: [{ guard: "isForTimer", target: "waiting" }, { target: "asking" }] },
    waiting: { after: { 86400000: "done" } },
    asking: { tags: "waiting", on: { approve: "done" } },
    done: { type: "final" },
  },
});

const rested = Promise.withResolvers<void>();
const idleMemory = new IdleMemory(() => void collectGarbage().then(rested.resolve));
const store = await openSqliteStore(path);
const engine = createEngine({
  store,
  workflows: [{ name: "waiting-job", version: 1, machine }],
  activities: {},
  owner: { host: "here", bootId: "boot", pid: process.pid, processStart: "1" },
  isGone: () => true,
  onRest: idleMemory.onRest,
});
let settled = 0;
for (let number = 1; number <= Number(count); number += 1) {
  const jobId = `job-${number}`;
  engine.start({ workflow: "waiting-job", jobId, input: { forTimer: number % 2 === 1 } });
  void engine.run(jobId, {
    onUpdate: () => {
      settled += 1;
    },
  });
}
while (settled < Number(count)) await sleep(10);
const { rss: atFirst } = process.memoryUsage();
// A timer that does not keep a process alive: something else has to.
const alive = setInterval(() => {}, 1000);
await rested.promise;
clearInterval(alive);
await sleep(100);
const { rss, heapUsed } = process.memoryUsage();
console.log(JSON.stringify({ atFirst, rss, heapUsed }));
process.exit(0);
