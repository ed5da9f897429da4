/** Promise 4 with real processes: one owner, be it raced for, taken over, or stopped and woken again. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEngine } from "../src/engine/engine.ts";
import { sequence } from "../src/engine/testing/workflows.ts";
import { askedAgain } from "../src/scripted-model/records.ts";
import { openSqliteStore } from "../src/store/sqlite/open.ts";
import { startProgram } from "../src/store/testing/child-program.ts";
import { temporaryFolder } from "../src/store/testing/temporary-folder.ts";
import { ORDER_VARIABLE, type Order, type Point, type Report } from "./crash-matrix/point.ts";
import { fingerprint } from "./support/fingerprint.ts";
import { planScript, TASK } from "./support/plan-script.ts";
import { type Run, Workshop } from "./support/workshop.ts";

const FAST_CLOCK = join(import.meta.dirname, "support", "fast-clock.preload.ts");
const CRASH = join(import.meta.dirname, "crash-matrix", "preload.ts");

test("promise 4: two orchestrators that start on a job at the same instant, a hundred times: one runs it, the other says so", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const store = await openSqliteStore(path);
  const engine = createEngine({
    store,
    workflows: [sequence("hold")],
    activities: { hold: { run: () => Promise.reject(new Error("it is not run here")) } },
    owner: { host: "test", bootId: "", pid: 0, processStart: "" },
    isGone: () => false,
  });
  const program = new URL("./support/contender.fixture.ts", import.meta.url);
  const contenders = [startProgram(program, path), startProgram(program, path)];
  for (const contender of contenders) expect(await contender.nextLine()).toBe("ready");

  for (let round = 1; round <= 100; round++) {
    const jobId = `j${round}`;
    engine.start({ workflow: "sequence", jobId, input: null });
    const at = Date.now() + 10;
    for (const contender of contenders) contender.writeLine(`run ${jobId} ${at}`);
    const said = await Promise.all(contenders.map((contender) => contender.nextLine()));
    expect([...said].sort()).toEqual([`began ${jobId}`, `job-running-elsewhere ${jobId}`]);
    const winner = contenders[said.indexOf(`began ${jobId}`)];
    winner?.writeLine("finish");
    expect(await winner?.nextLine()).toBe(`done ${jobId}`);
    expect(store.listActivities(jobId)).toMatchObject([{ status: "completed", attempt: 1 }]);
  }
  for (const contender of contenders) contender.kill("SIGKILL");
  await Promise.all(contenders.map(({ end }) => end));
  store.close();
});

/** Two agents work, each held at its second step. */
function heldScript() {
  const held = (id: string) => ({
    id,
    steps: [{ run: `echo ${id} > ${id}.txt` }, { run: "ls", hold: "gate" }, { say: "Done." }],
  });
  return planScript({ subtasks: [held("one"), held("two"), { id: "three", dependsOn: ["one", "two"] }] });
}

const expected = { "one.txt": "one", "two.txt": "two", "three.txt": "written for three" };

async function agentsWait(shop: Workshop): Promise<void> {
  await expect
    .poll(() => shop.model.requests.filter(({ outcome }) => outcome === "pending").length, { timeout: 60_000 })
    .toBe(2);
}

/** Nobody was asked anything twice, and each agent had one thread and one process. */
function expectNothingDoubled(shop: Workshop): void {
  expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
  expect(shop.model.requests.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
  for (const turn of ["work-one", "work-two", "work-three"]) {
    const threads = shop.model.requests.filter((request) => request.turn === turn).map(({ threadId }) => threadId);
    expect(new Set(threads).size, turn).toBe(1);
  }
}

test("promises 3, 4: orch resume, twice at the same instant: one goes on with the agents that run, the other says so", {
  timeout: 180_000,
}, async () => {
  await using shop = await Workshop.open({ script: heldScript() });
  let owner = shop.run("j");
  await agentsWait(shop);
  for (let round = 1; round <= 4; round++) {
    owner.kill("SIGKILL");
    await owner.end;
    const both = [shop.resume("j"), shop.resume("j")] as const;
    const loser = await Promise.race(both.map(async (run) => ({ run, end: await run.end })));
    expect(loser.end.code, loser.end.stderr).toBe(1);
    expect(loser.end.stderr).toContain("is running already");
    owner = loser.run === both[0] ? both[1] : both[0];
    await owner.event(({ type }) => type === "job.resumed");
  }
  shop.model.release("gate");
  expect((await owner.end).code).toBe(0);
  expectNothingDoubled(shop);
  expect(shop.resultFiles("j")).toEqual(expected);
});

/** The real orch on a clock that runs fast, so that its lease does not last long; stopped from inside if there is a point. */
function fast(shop: Workshop, zero: number, args: readonly string[], stopAt?: Point): Run {
  const order: Order | null = stopAt
    ? {
        point: stopAt,
        victims: "orchestrator",
        signal: "SIGSTOP",
        report: reportPath(shop),
        world: shop.base,
      }
    : null;
  return shop.orch(args, {
    NODE_OPTIONS: `--import=${FAST_CLOCK}${order ? ` --import=${CRASH}` : ""}`,
    ORCH_TEST_CLOCK_ZERO: String(zero),
    ...(order && { [ORDER_VARIABLE]: JSON.stringify(order) }),
  });
}

const reportPath = (shop: Workshop) => join(shop.base, "report.json");
const runArguments = (shop: Workshop) => ["run", TASK, "--repo", shop.repository, "--job-id", "j", "--json"];

/** Resumes the job as soon as the lease of the first has run out. */
async function takeOver(shop: Workshop, zero: number): Promise<Run> {
  for (;;) {
    const run = fast(shop, zero, ["resume", "j", "--json"]);
    const isOurs = await run
      .event(({ type }) => type === "job.resumed")
      .then(
        () => true,
        () => false,
      );
    if (isOurs) return run;
    expect((await run.end).stderr).toContain("is running already");
  }
}

async function expectLeaseLost(first: Run): Promise<void> {
  const { code, stderr } = await first.end;
  expect(code).toBe(1);
  expect(stderr).toContain("job j was taken over by another orchestrator; this one has stopped working on it");
}

/** All that an orchestrator could write of the job, but the log. */
async function traces(shop: Workshop) {
  using store = await shop.store();
  return {
    job: store.getJob("j"),
    history: store.listHistory("j"),
    activities: store.listActivities("j"),
    usage: store.getUsage("j"),
    refs: shop.git("for-each-ref"),
    worktrees: shop.git("worktree", "list", "--porcelain"),
    files: fingerprint(join(shop.repository, ".codex", "jobs", "j", "worktrees", "result")).files,
  };
}

test("promise 4: stopped past its lease and woken while another works: it says so, ends, and lets the agents go on", {
  timeout: 180_000,
}, async () => {
  await using shop = await Workshop.open({ script: heldScript() });
  const zero = Date.now();
  const first = fast(shop, zero, runArguments(shop));
  await agentsWait(shop);
  const codex = () => shop.processes().filter(({ turn }) => turn !== undefined);
  const before = codex().map(({ pid }) => pid);
  first.kill("SIGSTOP");
  const second = await takeOver(shop, zero);
  first.kill("SIGCONT");
  await expectLeaseLost(first);
  expect(codex().map(({ pid }) => pid)).toEqual(before);
  shop.model.release("gate");
  expect((await second.end).code).toBe(0);
  expectNothingDoubled(shop);
  expect(shop.resultFiles("j")).toEqual(expected);
});

test("promises 3, 4: stopped in the instant before it starts an agent and woken when another did: its own ends unasked", {
  timeout: 180_000,
}, async () => {
  await using shop = await Workshop.open({ script: heldScript() });
  const zero = Date.now();
  const first = fast(shop, zero, runArguments(shop), { name: "codex:before", number: 1 });
  await expect.poll(() => stateOf(first.pid), { timeout: 60_000 }).toBe("T");
  const second = await takeOver(shop, zero);
  await agentsWait(shop);
  const codex = () => shop.processes().filter(({ turn }) => turn !== undefined);
  const before = codex().map(({ pid }) => pid);
  first.kill("SIGCONT");
  await expectLeaseLost(first);
  expect(codex().map(({ pid }) => pid)).toEqual(before);
  shop.model.release("gate");
  expect((await second.end).code).toBe(0);
  expectNothingDoubled(shop);
  expect(shop.resultFiles("j")).toEqual(expected);
});

/** In the middle of planning, of making worktrees, of starting agents, of committing and merging what they did. */
const stops: readonly Point[] = [
  { name: "commit:after", number: 4 },
  { name: "git worktree add:after", number: 2 },
  { name: "codex:after-spawn", number: 1 },
  { name: "git write-tree:after", number: 1 },
  { name: "command:after-spawn", number: 1 },
];

test.for(stops)(
  "promise 4: stopped at $name#$number and woken when another has done the job, it writes nothing more",
  {
    timeout: 180_000,
  },
  async (point) => {
    const script = planScript({ subtasks: [{ id: "one" }, { id: "two" }, { id: "three", dependsOn: ["one", "two"] }] });
    await using shop = await Workshop.open({ script, config: { verify: ["sleep 0.2; ls three.txt"] } });
    const zero = Date.now();
    const first = fast(shop, zero, runArguments(shop), point);
    await expect.poll(() => stateOf(first.pid), { timeout: 60_000 }).toBe("T");
    const second = await takeOver(shop, zero);
    const { code, stderr } = await second.end;
    expect(code, stderr).toBe(0);
    const written = await traces(shop);
    first.kill("SIGCONT");
    await expectLeaseLost(first);
    expect(await traces(shop)).toEqual(written);
    expect(actsAfter(shop, point)).toEqual([]);
    expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
    expect(shop.resultFiles("j")).toEqual({
      "one.txt": "written for one",
      "two.txt": "written for two",
      "three.txt": "written for three",
    });
  },
);

/** What the stopped orchestrator began in the world after it was woken. */
function actsAfter(shop: Workshop, point: Point): string[] {
  const { landed, passed } = JSON.parse(readFileSync(reportPath(shop), "utf8")) as Report;
  expect(landed?.point).toEqual(point);
  return passed
    .slice(landed?.index)
    .map(({ name }) => name)
    .filter((name) => name.endsWith(":before") && !/^(?:commit|write) ?/.test(name));
}

/** `T` while the process is stopped. */
function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2)[0];
}
