import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Folder, makeFolder, shell, until } from "./process.testkit.ts";
import { startDetached } from "./process.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";
import { endProcessTree, findMarked, findMarkedRoot } from "./process-tree.ts";

/** Starts `script`, which says by the file `ready` that all it wants to start is started. */
async function start(folder: Folder, script: string, value: string): Promise<ProcessIdentity> {
  const { pid } = await startDetached({
    ...shell(folder, script, { ORCH_TEST: value }),
    stdoutFile: join(folder.path, "out"),
    stderrFile: join(folder.path, "err"),
  });
  await until("all is started", () => existsSync(join(folder.path, "ready")));
  return (await identifyProcess(pid)) as ProcessIdentity;
}

/** A child in the group, one that left it, and one whose parent is gone. */
const TREE = "sleep 601 & setsid sleep 602 & (setsid sh -c 'sleep 603 & sleep 604' &); touch ready; wait";

test("a process is itself, and not another one that has its pid now", async () => {
  const self = (await identifyProcess(process.pid)) as ProcessIdentity;

  expect(await isAlive(self)).toBe(true);
  expect(await isAlive({ ...self, startTime: "1" })).toBe(false);
  expect(await isAlive({ ...self, bootId: "another boot of this machine" })).toBe(false);
});

test("a process that has ended is not alive, also while nobody has taken note of its end", async () => {
  using folder = makeFolder();
  // `exec sleep` never takes note of the end of the child that it had before.
  const root = await start(folder, "sleep 0.3 & echo $! > pid; touch ready; exec sleep 605", folder.path);
  const child = folder.pidIn("pid");

  await until("the child has ended", async () => (await identifyProcess(child)) === undefined);

  expect(existsSync(`/proc/${child}`)).toBe(process.platform === "linux");
  await endProcessTree(root, { name: "ORCH_TEST", value: folder.path });
});

test("the whole tree is ended, with what left the process group and what lost its parent", async () => {
  using folder = makeFolder();
  const mark = { name: "ORCH_TEST", value: folder.path };
  const root = await start(folder, TREE, folder.path);
  await until("all five run", async () => (await findMarked(mark)).length >= 6);

  await endProcessTree(root, mark);

  expect(await findMarked(mark)).toEqual([]);
});

test("a tree is ended also when nobody knows its root, or when the root is gone", async () => {
  using folder = makeFolder();
  const mark = { name: "ORCH_TEST", value: folder.path };
  const root = await start(folder, TREE, folder.path);
  process.kill(root.pid, "SIGKILL");

  await endProcessTree(undefined, mark);

  expect(await findMarked(mark)).toEqual([]);
});

test("processes of others are left alone: those with another mark, a longer one, or a root that was replaced", async () => {
  using ours = makeFolder();
  using theirs = makeFolder();
  const root = await start(ours, TREE, ours.path);
  const other = await start(theirs, "touch ready; exec sleep 606", `${ours.path}/1`);

  await endProcessTree({ ...other, startTime: "1" }, { name: "ORCH_TEST", value: ours.path });

  expect(await isAlive(root)).toBe(false);
  expect(await isAlive(other)).toBe(true);
  await endProcessTree(other, { name: "ORCH_TEST", value: `${ours.path}/1` });
});

test("the root of a tree is told from what it started, also from what leads a session of its own", async () => {
  using folder = makeFolder();
  const mark = { name: "ORCH_TEST", value: folder.path };
  const root = await start(folder, "setsid sleep 607 > other & touch ready; wait", folder.path);
  const stdoutFile = join(folder.path, "out");
  await until("both run", async () => (await findMarked(mark)).length === 2);

  expect(await findMarkedRoot(mark, stdoutFile)).toEqual(root);
  process.kill(root.pid, "SIGKILL");
  await until("the root is gone", async () => !(await isAlive(root)));
  expect(await findMarkedRoot(mark, stdoutFile)).toBeUndefined();

  await endProcessTree(undefined, mark);
});
