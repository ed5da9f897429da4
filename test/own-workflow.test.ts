/** A workflow of one's own, by the real command: the example of `workflows/`, killed, told, resumed, looked at, cancelled. */

import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { historyPageSchema, pointSchema } from "../src/core/protocol/history.ts";
import { jobDetailSchema, jobsPageSchema } from "../src/core/protocol/jobs.ts";
import type { JobEvent } from "../src/core/protocol.ts";
import { createEngine } from "../src/library/durable-engine.ts";
import { openStore } from "../src/library/open-store.ts";
import { orderWorkflow } from "../src/library/testing/order.ts";
import { defineScript } from "../src/scripted-model/parse-script.ts";
import { askedAgain } from "../src/scripted-model/records.ts";
import { openDashboard } from "./support/dashboard.ts";
import { planScript, writing } from "./support/plan-script.ts";
import { type Run, Workshop } from "./support/workshop.ts";

const EXAMPLE = join(import.meta.dirname, "..", "workflows", "review-loop.ts");
const TASK = "Write a greeting";

/** The agent greets; a check wants a full stop; the reviewer wants a name. */
const script = defineScript({
  continues: ["Go on"],
  turns: [
    {
      name: "name",
      for: "codex",
      match: "Greet Ada",
      steps: [{ run: writing({ "hello.txt": "Hello, Ada." }) }, { say: "Named." }],
    },
    {
      name: "stop",
      for: "codex",
      match: "Repair the cause",
      steps: [{ run: writing({ "hello.txt": "Hello." }) }, { say: "Mended." }],
    },
    {
      name: "greet",
      for: "codex",
      match: TASK,
      steps: [{ run: writing({ "hello.txt": "Hello" }) }, { say: "Greeted." }],
    },
  ],
});
const config = { verify: ["grep -q '[.]' hello.txt"] };

const isWaiting = (event: JobEvent) => event.type === "job.state" && event.isWaiting;

function runOwn(shop: Workshop, jobId: string, file = EXAMPLE): Run {
  return shop.orch(["run", TASK, "--workflow", file, "--repo", shop.repository, "--job-id", jobId, "--json"]);
}

test("the example works, is checked, waits for review, is killed, told, resumed, and ends on its branch", async () => {
  await using shop = await Workshop.open({ script, config });
  const first = runOwn(shop, "greet");
  await first.event(isWaiting);
  expect(first.events.flatMap((event) => (event.type === "job.state" ? [event.state] : []))).toEqual(
    [
      ...["preparing.job", "preparing.worktree", "working", "checking", "verifying", "following", "working"],
      ...["checking", "verifying", "reviewing"],
    ].filter((state) => state !== "following"),
  );
  first.kill("SIGKILL");
  await first.end;

  const said = await shop.orch(["signal", "greet", "review.change", '{"words": "Greet Ada"}', "--id", "1"]).end;
  expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining("takes effect with: orch resume greet") });
  expect((await shop.orch(["signal", "greet", "review.change", '{"words": "Greet Ada"}', "--id", "1"]).end).code).toBe(
    0,
  );

  const second = shop.resume("greet");
  // First it says where it stands: there, again.
  await second.event((event) => isWaiting(event) && second.events.indexOf(event) > 1);
  const page = (await shop.orch(["show", "greet"]).end).stdout;
  expect(page).toMatch(/workflow +review-loop version 1/);
  expect(page).toContain(EXAMPLE);
  expect(page).toMatch(/waiting \(in reviewing; run by process \d+/);
  expect(page).toContain("orch signal greet review.accept");
  const wrong = await shop.orch(["signal", "greet", "review.acept"]).end;
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean review.accept?") });
  expect((await shop.orch(["signal", "greet", "review.accept"]).end).stdout).toContain("takes it from here");
  const { code, events } = await second.end;
  expect(code).toBe(0);
  expect(events.at(-1)).toMatchObject({
    ...{ type: "job.finished", status: "done", resultBranch: "result-greet", stat: { files: 1 } },
    resultCommit: shop.git("rev-parse", "result-greet"),
  });
  expect(shop.resultFiles("greet")).toEqual({ "hello.txt": "Hello, Ada." });
  expect(askedAgain(shop.model.requests)).toEqual([]);

  const says = async (command: string, what: RegExp, code = 0) => {
    const ended = await shop.orch(command.split(" ")).end;
    expect(ended.stdout + ended.stderr, command).toMatch(what);
    expect(ended.code, command).toBe(code);
  };
  await Promise.all([
    says("list", /greet +done .*Write a greeting/),
    says("show greet", /git .*merge result-greet/),
    says("history greet", /review\.change/),
    says("logs greet", /job\.state/),
    says("replay greet", /the same snapshots/),
    says("resume greet", /result-greet/),
    says("clean greet", /it is of the workflow "review-loop".*kept/),
  ]);
  await Promise.all([
    says("signal greet review.accept", /is done already/, 2),
    says("fork greet --at 3", /only coding jobs can be forked/, 2),
    says("approve greet", /is of the workflow "review-loop"/, 2),
    says("retry greet", /orch signal greet <event>/, 2),
    says("cancel greet", /is done already/, 2),
  ]);
});

test("a job whose file is gone or changed stays as it is; it goes on when the file is back, or named", async () => {
  await using shop = await Workshop.open({ script, config });
  const folder = join(shop.base, "mine");
  mkdirSync(folder);
  const file = join(folder, "loop.ts");
  writeFileSync(
    file,
    readFileSync(EXAMPLE, "utf8").replace("const HOUR = 3_600_000", 'import { HOUR } from "./hours.ts"'),
  );
  writeFileSync(join(folder, "hours.ts"), "export const HOUR = 3_600_000;\n");
  const first = runOwn(shop, "moves", file);
  await first.event(isWaiting);
  first.kill("SIGKILL");
  await first.end;
  const history = async () => (await shop.orch(["history", "moves"]).end).stdout;
  const before = await history();
  const refused = async (command: string, ...args: string[]) => {
    const { code, stderr } = await shop.orch([command, "moves", ...args]).end;
    expect(code).toBe(2);
    return stderr;
  };

  renameSync(file, `${file}.away`);
  expect(await refused("resume")).toContain(`the workflow of job moves is not at ${file} any more`);
  expect(await refused("replay")).toContain("nothing of the job is lost");
  renameSync(`${file}.away`, file);
  writeFileSync(join(folder, "hours.ts"), "export const HOUR = 3_600_000; // as before, and yet not the same file\n");
  expect(await refused("resume")).toContain("the workflow of job moves has changed");
  expect(await refused("resume", "--workflow", join(folder, "hours.ts"))).toContain("exports no workflow");
  expect(await history()).toBe(before);
  // An agent's folder is no place to run a program from.
  const unsafe = join(shop.repository, ".codex", "jobs", "moves", "worktrees", "result", "loop.ts");
  copyFileSync(EXAMPLE, unsafe);
  expect(await refused("resume", "--workflow", unsafe)).toContain("where agents write");

  expect((await shop.orch(["signal", "moves", "review.accept"]).end).code).toBe(0);
  const { code, stderr } = await shop.orch(["resume", "moves", "--workflow", file]).end;
  expect(code, stderr).toBe(0);
  const replayed = await shop.orch(["replay", "moves"]).end;
  expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
});

test("reminders come by a timer, the job gives up in the end, and a late word still counts", async () => {
  await using shop = await Workshop.open({ script, config });
  const file = join(shop.base, "hasty.ts");
  writeFileSync(file, readFileSync(EXAMPLE, "utf8").replace("const HOUR = 3_600_000", "const HOUR = 20"));
  const { code, events } = await runOwn(shop, "hasty", file).end;
  expect(code).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "failed", error: { code: "not-reviewed" } });
  expect(events.filter((event) => event.type === "job.state" && event.state === "reminding")).toHaveLength(3);
  const log = (await shop.orch(["logs", "hasty"]).end).stdout;
  expect(log).toContain('reminder 3: \\"Write a greeting\\" waits for your review'.replaceAll("\\", ""));

  await shop.orch(["signal", "hasty", "review.accept"]).end;
  expect(await shop.resume("hasty").end).toMatchObject({ code: 0 });
  expect(shop.resultFiles("hasty")).toEqual({ "hello.txt": "Hello." });
});

test("a job that nobody runs is cancelled, paused and continued; the dashboard shows it and steers it", async () => {
  await using shop = await Workshop.open({ script, config });
  const first = runOwn(shop, "steered");
  await first.event(isWaiting);
  expect((await shop.orch(["pause", "steered"]).end).code).toBe(0);
  expect((await first.end).code).toBe(130);
  expect((await shop.orch(["continue", "steered"]).end).code).toBe(0);

  await using dashboard = await openDashboard(shop);
  const { client } = dashboard;
  const { jobs } = await client.get("/api/jobs", jobsPageSchema);
  expect(jobs).toMatchObject([{ id: "steered", task: TASK, progress: { total: 0 } }]);
  const { job } = await client.get("/api/jobs/steered", jobDetailSchema);
  const possible = job.actions.flatMap(({ action, isPossible }) => (isPossible ? [action] : []));
  expect(possible).toContain("resume");
  for (const action of ["approve", "reject", "retry", "skip", "fork"]) expect(possible).not.toContain(action);
  expect(job.actions.find(({ action }) => action === "fork")?.reason?.message).toContain("is no coding job");
  const { entries } = await client.get("/api/jobs/steered/history", historyPageSchema);
  expect(entries.length).toBeGreaterThan(5);
  const seq = entries.at(-1)?.seq;
  await client.get(`/api/jobs/steered/at/${seq}`, pointSchema);
  const paths = [
    "actors",
    "actor?id=job",
    `history/${seq}`,
    "events",
    "logs",
    "diff?of=result",
    "conflicts",
    "artifacts",
  ];
  for (const path of paths) {
    const response = await client.fetch(`/api/jobs/steered/${path}`);
    expect([200, 404, 400, 409], `${path}: ${await response.text()}`).toContain(response.status);
  }
  await client.watch("?job=steered", () => {});

  const cancelled = await shop.orch(["cancel", "steered"]).end;
  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining("job steered is cancelled") });
  expect((await shop.orch(["show", "steered"]).end).stdout).toMatch(/^job steered {2}cancelled/);
  expect(await client.get("/api/jobs/steered", jobDetailSchema)).toMatchObject({ job: { state: "cancelled" } });
  expect(dashboard.stderr()).not.toMatch(/TypeError|bug in orch/);
});

test("a job of another program in the same database is listed and shown, and left to that program", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [] }) });
  mkdirSync(join(shop.base, "state", "orch"), { recursive: true });
  {
    using store = await openStore(join(shop.base, "state", "orch", "orchestrator.db"));
    const order = orderWorkflow(join(shop.base, "journal"));
    await using engine = await createEngine({ store, workflows: [order] });
    const job = await engine.start(order, { jobId: "foreign", input: { amount: 5 }, labels: { task: "Sell it" } });
    for await (const { state } of job.watch()) if (state === "waiting") break;
  }
  const says = async (command: string, what: RegExp, code: number) => {
    const ended = await shop.orch(command.split(" ")).end;
    expect(ended.stdout + ended.stderr, command).toMatch(what);
    expect(ended.stderr, command).not.toContain("bug in orch");
    expect(ended.code, command).toBe(code);
  };
  await Promise.all([
    says("list", /foreign +waiting .*Sell it/, 0),
    says("show foreign", /none: another program has it/, 0),
    says("history foreign", /charge is done/, 0),
    says("resume foreign", /which another program has/, 2),
    says("replay foreign", /which another program has/, 2),
    says("fork foreign --at 2", /only coding jobs can be forked/, 2),
    says("approve foreign", /has no plan/, 2),
  ]);
  expect((await shop.orch(["cancel", "foreign"]).end).code).toBe(0);
  await using dashboard = await openDashboard(shop);
  const { jobs } = await dashboard.client.get("/api/jobs", jobsPageSchema);
  expect(jobs).toMatchObject([{ id: "foreign" }]);
  expect(await dashboard.client.get("/api/jobs/foreign", jobDetailSchema)).toMatchObject({ job: { task: "Sell it" } });
});

test("what cannot run durably is refused by the command with exit code 2, and no job is made", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [] }) });
  const file = join(shop.base, "inline.ts");
  writeFileSync(
    file,
    `import { defineWorkflow } from "@orch/orch";
import { createMachine } from "xstate";
export default defineWorkflow({
  name: "inline",
  version: 1,
  machine: createMachine({ id: "m", initial: "a", states: { a: { entry: () => console.log("hi") } } }),
});
`,
  );
  const { code, stdout, stderr } = await shop.orch(["run", "Do it", "--workflow", file, "--repo", shop.repository]).end;
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    `orch: ${file}: the workflow "inline" cannot run durably: state "m.a" has an inline action\n` +
      "      use assign(), raise(), sendTo() or spawnChild(); what touches the world is an activity that a state invokes\n",
  );
  expect((await shop.orch(["list"]).end).stdout).toContain("no jobs yet");
});

test("a workflow that asks no model and runs nothing needs no key and no Codex", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [] }) });
  const file = join(shop.base, "count.mjs");
  writeFileSync(
    file,
    `import { activity, defineWorkflow } from "@orch/orch";
import { assign, setup } from "xstate";
const machine = setup({ actors: { count: activity() } }).createMachine({
  id: "count",
  context: ({ input }) => ({ task: input.task, letters: 0 }),
  initial: "counting",
  states: {
    counting: {
      invoke: { src: "count", input: ({ context }) => context.task, onDone: { target: "done", actions: assign({ letters: ({ event }) => event.output }) } },
    },
    done: { type: "final" },
  },
  output: ({ context }) => context.letters,
});
export default defineWorkflow({ name: "letters", version: 1, machine, activities: { count: { run: async (task) => task.length } } });
`,
  );
  const without = { OPENAI_API_KEY: "", PATH: "/usr/bin:/bin" };
  const args = ["run", "Count me", "--workflow", file, "--repo", shop.repository, "--job-id", "counted"];
  const { code, stdout, stderr } = await shop.orch(args, without).end;
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/▸ counting\n/);
  expect(stdout).toMatch(/done: letters, in .*\n {2}output +8\n/);
  expect(stderr).toBe("");
  expect((await shop.orch(["replay", "counted"]).end).code).toBe(0);
});
