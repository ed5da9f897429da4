/** Several processes on one file. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../testing/child-program.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSqliteStore } from "./open.ts";

const program = new URL("../testing/store-program.ts", import.meta.url);

test("processes that open a new database at the same time all get it, whole", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const programs = [1, 2, 3, 4].map(() => startProgram(program, path));
  expect(await Promise.all(programs.map((one) => one.nextLine()))).toEqual(["ready", "ready", "ready", "ready"]);
  for (const one of programs) one.writeLine("open");
  expect(await Promise.all(programs.map((one) => one.nextLine()))).toEqual(["ok", "ok", "ok", "ok"]);
  for (const [index, one] of programs.entries()) one.writeLine(`job j${index}`);
  await Promise.all(programs.map((one) => one.nextLine()));
  const store = await openSqliteStore(path);
  expect(
    store
      .listJobs({ limit: 10 })
      .map(({ id }) => id)
      .sort(),
  ).toEqual(["j0", "j1", "j2", "j3"]);
  store.close();
});

test("promise 6: a signal from another process is told, and is there", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const store = await openSqliteStore(path);
  store.createJob({ id: "j", workflow: "flow", version: 1, definitionHash: "", input: null, labels: {}, now: 1 });
  const other = startProgram(program, path);
  other.writeLine("open");
  expect([await other.nextLine(), await other.nextLine()]).toEqual(["ready", "ok"]);
  const told = Promise.withResolvers<void>();
  let calls = 0;
  store.onForeignCommit(() => {
    calls++;
    told.resolve();
  });
  // Own commits, in turns in which they could be told.
  for (let n = 0; n < 20; n++) {
    store.addSignal({ jobId: "j", id: `own-${n}`, actorId: "job", event: { type: "own" }, now: 1 });
    await new Promise(setImmediate);
  }
  expect(calls).toBe(0);
  other.writeLine("signal from-outside");
  await told.promise;
  expect(store.listPendingSignals("j").at(-1)?.id).toBe("from-outside");
  store.close();
});

test("a process that is killed while it holds the database leaves it usable", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const other = startProgram(program, path);
  other.writeLine("open");
  other.writeLine("job j");
  expect([await other.nextLine(), await other.nextLine(), await other.nextLine()]).toEqual(["ready", "ok", "ok"]);
  other.kill("SIGKILL");
  expect(await other.end).toBe("SIGKILL");
  const store = await openSqliteStore(path);
  expect(store.getJob("j")?.status).toBe("running");
  store.close();
});
