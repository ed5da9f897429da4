import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ActivityAborted } from "../../core/activity.ts";
import { findMarked } from "../process-tree.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { runCommands } from "./run-commands.ts";

/** The sandbox has tests of its own. */
const TRUSTED = { maxProcesses: 512, access: "everything" } as const;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-commands-"));
  path = join(folder, "worktrees", "ein Teil");
  mkdirSync(path, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const run = (commands: readonly string[], context = fakeContext(), limitMs = 60_000) =>
  runCommands({ worktree: { name: "part", path, branch: "orch/job-1/part" }, commands, limitMs }, context, TRUSTED);
const left = (effectId = "job-1:1:0") => findMarked({ name: "ORCH_COMMANDS", value: `${path}#${effectId}` });
const log = () => readFileSync(join(folder, "commands-part.log"), "utf8");

test("commands run in the worktree one after the other, as the user's own shell text", async () => {
  expect(await run(["echo one > out.txt && pwd", "cat out.txt; echo two >&2"])).toEqual({ failure: null });
  expect(log()).toMatch(/\$ echo one > out.txt && pwd\n.*\/ein Teil\nexit code 0\n/);
  expect(log()).toMatch(/\$ cat out.txt; echo two >&2\none\ntwo\nexit code 0\n$/);
});

test("the first that fails is told with the end of its output, and no other is run", async () => {
  const { failure } = await run([
    "true",
    "yes 'a long line' | head -n 2000; printf '\\033[31mred\\033[0m ä'; exit 3",
    "touch never",
  ]);
  expect(failure).toMatchObject({ exitCode: 3, timedOut: false });
  expect(failure?.outputTail).toHaveLength(4000);
  expect(failure?.outputTail.endsWith("a long line\nred ä")).toBe(true);
  expect(existsSync(join(path, "never"))).toBe(false);
});

test("one that takes too long is ended with all that it started", async () => {
  const { failure } = await run(["echo begun; setsid sleep 300 & sleep 300"], fakeContext(), 300);
  expect(failure).toEqual({
    command: "echo begun; setsid sleep 300 & sleep 300",
    exitCode: null,
    timedOut: true,
    outputTail: "begun\n",
  });
  expect(await left()).toEqual([]);
});

test("what a command leaves running in the background is ended", async () => {
  await run(["setsid sleep 300 > /dev/null 2>&1 & echo started"]);
  expect(await left()).toEqual([]);
});

test("an abort ends the command and is thrown", async () => {
  const abort = new AbortController();
  const running = run(["touch begun; sleep 300"], fakeContext({ signal: abort.signal }));
  while (!existsSync(join(path, "begun"))) await sleep(10);
  abort.abort(new ActivityAborted("cancelled"));
  await expect(running).rejects.toMatchObject({ name: "ActivityAborted", reason: "cancelled" });
  expect(await left()).toEqual([]);
});

test("after a crash, commands that are done are not run again, and what the dead attempt left running is ended", async () => {
  const abort = new AbortController();
  let isDead = false;
  const first = fakeContext({ signal: abort.signal, holdsJob: () => !isDead });
  const commands = ["echo once >> count.txt", "touch begun; sleep 300 && touch never", "echo last"];
  void run(commands, first).catch(() => {});
  while (!existsSync(join(path, "begun"))) await sleep(10);
  const [orphan] = await left();
  expect(orphan).toBeDefined();
  rmSync(join(path, "begun"));
  isDead = true;
  const next = run(
    ["echo once >> count.txt", "true", "echo last"],
    fakeContext({ attempt: 2, lastHeartbeat: first.checkpoints.at(-1) ?? null }),
  );
  expect(await next).toEqual({ failure: null });
  expect(readFileSync(join(path, "count.txt"), "utf8")).toBe("once\n");
  abort.abort(new ActivityAborted("lease-lost"));
  expect(await left()).toEqual([]);
});

test("one that fills the machine with processes is ended with all of them, and that is told", async () => {
  const bomb = "for i in $(seq 400); do (setsid sleep 600 &) ; done; sleep 600";
  const input = { worktree: { name: "part", path, branch: "orch/job-1/part" }, commands: [bomb], limitMs: 60_000 };
  const { failure } = await runCommands(input, fakeContext(), { maxProcesses: 100, access: "everything" });
  expect(failure).toMatchObject({ exitCode: null, timedOut: false });
  expect(failure?.outputTail).toMatch(/orch: ended with \d+ processes; the limit is 100/);
  expect(await left()).toEqual([]);
});

test("no secret of the orchestrator's environment reaches a command", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-secret");
  vi.stubEnv("GIT_DIR", "/elsewhere");
  await run(["env"]);
  expect(log()).toMatch(/^PATH=/m);
  expect(log()).not.toMatch(/OPENAI_API_KEY|GIT_DIR|sk-secret/);
});

test.each([
  ["SIGTERM", "an orchestrator that stops at once ends what it runs"],
  ["SIGKILL", "what an orchestrator that was killed left running is ended by the next"],
] as const)("%s: %s", async (signal, _promise) => {
  const command = "setsid sleep 300 & touch begun; sleep 300";
  const orchestrator = spawn(process.execPath, [join(import.meta.dirname, "run-commands.fixture.ts"), path, command]);
  const ended = new Promise((resolve) => orchestrator.on("close", resolve));
  while (!existsSync(join(path, "begun"))) await sleep(10);
  orchestrator.kill(signal);
  await ended;
  if (signal === "SIGKILL") {
    expect((await left()).length).toBeGreaterThan(1);
    expect(await run(["true"], fakeContext({ attempt: 2 }))).toEqual({ failure: null });
  }
  // What is killed takes its moment to be gone.
  await expect.poll(() => left()).toEqual([]);
});
