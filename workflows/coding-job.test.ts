/** What a user can count on from a coding job, one promise after the other. `coding-job-paths.test.ts` walks all paths. */

import { expect, test } from "vitest";
import type { CodingSettings, IntegrationInput, SubtaskInput } from "../src/core/coding.ts";
import type { Json } from "../src/core/json.ts";
import type { MachineEvent } from "../src/engine/interpreter.ts";
import { Stepper } from "../src/engine/testing/stepper.ts";
import { type CodingJobContext, codingJob } from "./coding-job.ts";
import { BASE, broken, jobInput, outlines, refused, stat, trouble } from "./testing/samples.ts";

const turn = { threadId: "thread", message: "It is repaired." };
const work = { snapshot: "kept", tree: "repaired-tree", stat, problems: [] };
const nothing = { ...work, stat: { files: 0, insertions: 0, deletions: 0 }, problems: [refused] };
const unsound = { ...work, problems: ["There is a repository in the folder lib."] };

/** Goes through JSON before each step, as after a restart. */
class Job extends Stepper {
  constructor(settings: Partial<CodingSettings> = {}, push = false) {
    const input = jobInput({ settings, push: push ? { remote: "origin", url: "/remote" } : null });
    super(codingJob.machine, input as unknown as Json);
  }

  override send(...events: readonly (string | MachineEvent)[]): this {
    this.restart();
    return super.send(...events);
  }

  /** Up to the plan. */
  planned(graph: Readonly<Record<string, readonly string[]>>): this {
    this.done("prepareJob").done("prepareResult", { name: "result", path: "/result", branch: "result-job" });
    return this.done("plan", { summary: "A plan.", subtasks: outlines(graph) as unknown as Json });
  }

  subtaskDone(...ids: readonly string[]): this {
    for (const id of ids) {
      this.done(id, { id, status: "done", commit: `commit-${id}`, stat, message: "", error: null });
    }
    return this;
  }

  subtaskFailed(id: string): this {
    const error = trouble as unknown as Json;
    return this.done(id, { id, status: "failed", commit: null, stat: null, message: "", error });
  }

  /** Up to the verification, or what comes behind it. */
  merged(): this {
    return this.planned({ only: [] }).subtaskDone("only").done("integration", { head: "merged", error: null });
  }

  get context(): CodingJobContext {
    return this.snapshot.context as CodingJobContext;
  }

  get statuses(): readonly string[] {
    return this.context.board.map(({ id, status }) => `${id} ${status}`);
  }

  /** Names of what the last step started. */
  get started(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.type === "invoke" ? [effect.id] : []));
  }

  inputOf<Input>(id: string): Input {
    const effect = this.effects.find((one) => one.type === "invoke" && one.id === id);
    return (effect as { readonly input: unknown } | undefined)?.input as Input;
  }
}

test("without asking for approval, work begins as soon as there is a plan", () => {
  const job = new Job().planned({ a: [], b: [] });
  expect(job.snapshot.value).toBe("working");
  expect(job.started).toEqual(["a", "b"]);
});

test("a plan that wants approval waits, and costs nothing until it is approved", () => {
  const job = new Job({ approvePlan: true }).planned({ a: [] });
  expect(job.snapshot.hasTag("waiting")).toBe(true);
  expect(job.started).toEqual([]);
  expect(job.send("plan.approve").started).toEqual(["a"]);
});

test("a rejected plan is planned again with what was said of it, and nothing of it is left", () => {
  const job = new Job({ approvePlan: true }).planned({ a: [], b: [] });
  job.send({ type: "plan.reject", feedback: "one part is enough" });
  expect(job.snapshot.value).toBe("planning");
  expect(job.context.board).toEqual([]);
  expect(job.inputOf("plan")).toMatchObject({ feedback: "one part is enough", worktree: { path: "/result" } });

  job.done("plan", { summary: "Smaller.", subtasks: outlines({ c: [] }) as unknown as Json });
  expect(job.snapshot.value).toBe("awaitingApproval");
  expect(job.statuses).toEqual(["c pending"]);
});

test("planning that breaks after a rejection is tried again with the same feedback", () => {
  const job = new Job({ approvePlan: true }).planned({ a: [] }).send({ type: "plan.reject", feedback: "smaller" });
  job.failed("plan", trouble as unknown as Json);
  expect(job.snapshot.hasTag("failed")).toBe(true);
  job.send("job.retry").done("prepareJob").done("prepareResult", { name: "result", path: "/result", branch: "b" });
  expect(job.inputOf("plan")).toMatchObject({ feedback: "smaller" });
});

test("of thirty subtasks never more than four run, and the next starts in the step in which one ends", () => {
  const ids = Array.from({ length: 30 }, (_, index) => `s${index}`);
  const job = new Job({ concurrency: 4 }).planned(Object.fromEntries(ids.map((id) => [id, []])));
  const running = [...job.started];
  const order: string[] = [];
  while (running.length > 0) {
    expect(running.length).toBe(Math.min(4, 30 - order.length));
    // Not the oldest: whichever ends, the next one takes its place.
    const [id = ""] = running.splice(order.length % running.length, 1);
    order.push(id);
    running.push(...job.subtaskDone(id).started.filter((started) => started !== "integration"));
  }
  expect(new Set(order)).toEqual(new Set(ids));
  expect(job.snapshot.value).toBe("merging");
});

test("a subtask starts from the work of what it depends on", () => {
  const job = new Job()
    .planned({ a: [], b: [], c: ["a", "b"] })
    .subtaskDone("b")
    .subtaskDone("a");
  expect(job.inputOf<SubtaskInput>("c")).toMatchObject({
    name: "c",
    startFrom: [
      { subtaskId: "a", commit: "commit-a" },
      { subtaskId: "b", commit: "commit-b" },
    ],
  });
});

test("a failed subtask blocks what depends on it, the others are finished, and then the job says what to do", () => {
  const job = new Job().planned({ a: [], b: ["a"], c: [], d: ["c"] }).subtaskFailed("a");
  expect(job.statuses).toEqual(["a failed", "b blocked", "c running", "d pending"]);
  expect(job.snapshot.value).toBe("working");
  job.subtaskDone("c", "d");
  expect(job.statuses).toEqual(["a failed", "b blocked", "c done", "d done"]);
  expect(job.snapshot.hasTag("failed")).toBe(true);
  expect(job.context.error).toEqual({
    name: "OrchError",
    code: "subtasks-failed",
    message: "1 of 4 subtasks failed (a: something did not work)",
    hint: expect.stringMatching(/orch retry job.*orch skip job/),
    retryable: false,
  });
});

test("a subtask whose machine breaks is a failed subtask", () => {
  const job = new Job().planned({ a: [], b: [] }).failed("a", { name: "TypeError", message: "x is not a function" });
  expect(job.statuses).toEqual(["a failed", "b running"]);
  expect(job.context.board[0]?.error?.message).toBe("x is not a function");
});

test("retry begins every failed subtask anew, in a worktree of its own, and lets those behind it wait again", () => {
  const job = new Job({ concurrency: 3 }).planned({ a: [], b: [], c: [], d: ["a", "b"] });
  job.subtaskFailed("a").subtaskFailed("b").subtaskDone("c").send("job.retry");
  expect(job.statuses).toEqual(["a running", "b running", "c done", "d pending"]);
  expect(job.context.error).toBeNull();
  expect(job.started).toEqual(["a", "b"]);
  expect(job.inputOf<SubtaskInput>("a").name).toBe("a--2");
  job.subtaskFailed("a").subtaskDone("b").send("job.retry");
  expect(job.inputOf<SubtaskInput>("a").name).toBe("a--3");
  expect(job.subtaskDone("a").started).toEqual(["d"]);
});

test("retry of one subtask leaves the other failed ones, and what waits for them", () => {
  const job = new Job()
    .planned({ a: [], b: [], c: ["a"], d: ["b"] })
    .subtaskFailed("a")
    .subtaskFailed("b");
  job.send({ type: "job.retry", subtaskId: "a" });
  expect(job.statuses).toEqual(["a running", "b failed", "c pending", "d blocked"]);
  job.subtaskDone("a", "c");
  expect(job.snapshot.hasTag("failed")).toBe(true);
  expect(job.context.error?.message).toBe("1 of 4 subtasks failed (b: something did not work)");
});

test("skip goes on without a failed subtask: what waited for it starts from what there is", () => {
  const job = new Job()
    .planned({ a: [], b: ["a"], c: ["b"] })
    .subtaskDone("a")
    .subtaskFailed("b");
  job.send({ type: "subtask.skip", subtaskId: "b" });
  expect(job.statuses).toEqual(["a done", "b skipped", "c running"]);
  expect(job.inputOf<SubtaskInput>("c").startFrom).toEqual([{ subtaskId: "a", commit: "commit-a" }]);
  job.subtaskDone("c");
  expect(job.inputOf<IntegrationInput>("integration").incoming).toEqual([{ subtaskId: "c", commit: "commit-c" }]);
});

test("with every subtask skipped the job is done, and there is no result branch to speak of", () => {
  const job = new Job().planned({ a: [] }).subtaskFailed("a").send({ type: "subtask.skip", subtaskId: "a" });
  job.done("integration", { head: BASE, error: null }).done("describe", nothing.stat);
  expect(job.snapshot.output).toMatchObject({ resultBranch: null, resultCommit: BASE });
});

test("neither retry nor skip of a subtask that did not fail changes anything", () => {
  const job = new Job()
    .planned({ a: [], b: ["a"], c: [] })
    .subtaskFailed("a")
    .subtaskDone("c");
  const before = job.persisted();
  for (const subtaskId of ["b", "c", "unknown"]) {
    job.send({ type: "job.retry", subtaskId }, { type: "subtask.skip", subtaskId });
  }
  expect(job.persisted()).toEqual(before);
});

test("after a merge that failed, retry merges again from as far as it came: no subtask is paid for twice", () => {
  const job = new Job().planned({ a: [], b: [] }).subtaskDone("a", "b");
  job.done("integration", { head: "half", error: trouble as unknown as Json });
  expect(job.context.error).toEqual(trouble);
  expect(job.send("job.retry").started).toEqual(["integration"]);
  expect(job.inputOf<IntegrationInput>("integration")).toMatchObject({
    head: "half",
    incoming: [{ subtaskId: "a" }, { subtaskId: "b" }],
  });
});

test("a command that fails is repaired by an agent in one thread, a bounded number of times", () => {
  const job = new Job({ verify: ["make test"], maxRepairs: 2 }).merged().done("verify", { failure: broken });
  expect(job.inputOf("repair")).toMatchObject({
    request: { kind: "repair", command: "make test", exitCode: 2, outputTail: broken.outputTail },
    threadId: null,
  });
  job.done("repair", turn).done("checkRepair", work);
  expect(job.inputOf("commitRepair")).toMatchObject({
    head: "merged",
    tree: "repaired-tree",
    title: "Repair: make test",
  });
  job.done("commitRepair", { head: "repaired" });
  expect(job.started).toEqual(["verify"]);
  job.done("verify", { failure: broken });
  expect(job.inputOf("repair")).toMatchObject({ request: { kind: "repair" }, threadId: "thread" });
  job.done("repair", turn).done("checkRepair", nothing).done("verify", { failure: broken });
  expect(job.started).toEqual([]);
  expect(job.context).toMatchObject({ head: "repaired", error: { code: "verify-failed" } });

  // A person's retry: what is merged and repaired stays, and repairs are allowed again.
  job.send("job.retry");
  expect(job.inputOf<IntegrationInput>("integration").head).toBe("repaired");
  job.done("integration", { head: "repaired", error: null }).done("verify", { failure: broken });
  expect(job.inputOf("repair")).toMatchObject({ threadId: null });
});

test("an agent that changes nothing has the command run again: it may have been a passing trouble", () => {
  const job = new Job({ verify: ["make test"] }).merged().done("verify", { failure: broken });
  expect(job.done("repair", turn).done("checkRepair", nothing).started).toEqual(["verify"]);
  expect(job.done("verify", { failure: null }).started).toEqual(["describe"]);
});

test("a repair that cannot be committed is not verified: the agent is told why, and at the end the job fails", () => {
  const job = new Job({ verify: ["make test"], maxRepairs: 2 }).merged().done("verify", { failure: broken });
  job.done("repair", turn).done("checkRepair", unsound);
  expect(job.inputOf("repair")).toMatchObject({
    request: { kind: "follow-up", problems: unsound.problems },
    threadId: "thread",
  });
  job.done("repair", turn).done("checkRepair", unsound);
  expect(job.snapshot.hasTag("failed")).toBe(true);
  expect(job.context).toMatchObject({
    head: "merged",
    error: {
      code: "repair-refused",
      message: `"make test" failed, and what the agent left to repair it cannot be taken: ${unsound.problems[0]}`,
    },
  });
  job.send("job.retry").done("integration", { head: "merged", error: null }).done("verify", { failure: broken });
  expect(job.inputOf("repair")).toMatchObject({ request: { kind: "repair" } });
});

test("problems that an agent has set right are not told again", () => {
  const refusedOnce = () => {
    const job = new Job({ verify: ["make test"], maxRepairs: 4 }).merged().done("verify", { failure: broken });
    return job.done("repair", turn).done("checkRepair", unsound).done("repair", turn);
  };
  const undone = refusedOnce().done("checkRepair", nothing).done("verify", { failure: broken });
  expect(undone.inputOf("repair")).toMatchObject({ request: { kind: "repair" } });
  const repaired = refusedOnce().done("checkRepair", work).done("commitRepair", { head: "repaired" });
  expect(repaired.done("verify", { failure: broken }).inputOf("repair")).toMatchObject({ request: { kind: "repair" } });
});

test("a result is pushed only if that was asked when the job began", () => {
  const quiet = new Job().merged().done("describe", stat);
  expect(quiet.snapshot.output).toEqual({
    resultBranch: "result-job",
    resultCommit: "merged",
    stat,
    pushedTo: null,
  });
  const loud = new Job({}, true).merged().done("describe", stat);
  expect(loud.inputOf("push")).toMatchObject({ branch: "result-job", commit: "merged" });
  expect(loud.done("push", { remote: "origin" }).snapshot.output).toMatchObject({ pushedTo: "origin" });
});

test("after a push that failed, retry pushes, and does nothing else again", () => {
  const job = new Job({ verify: ["make test"] }, true)
    .merged()
    .done("verify", { failure: null })
    .done("describe", stat);
  job.failed("push", trouble as unknown as Json);
  expect(job.context.error).toEqual(trouble);
  expect(job.send("job.retry").started).toEqual(["push"]);
  expect(job.done("push", { remote: "origin" }).snapshot.status).toBe("done");
});

test("a job that failed before there was a plan begins again from the start", () => {
  const job = new Job().failed("prepareJob", trouble as unknown as Json);
  expect(job.context).toMatchObject({ worktree: null, error: trouble });
  expect(job.send("job.retry").started).toEqual(["prepareJob"]);
  expect(job.context.error).toBeNull();
});

test("a failed job can be cancelled; a cancelled one takes no more words", () => {
  const job = new Job().planned({ a: [] }).subtaskFailed("a").send("job.cancel");
  expect(job.snapshot).toMatchObject({
    status: "done",
    value: "cancelled",
    output: { resultBranch: null, resultCommit: null, stat: null, pushedTo: null },
  });
  const before = job.persisted();
  expect(job.send("job.retry").persisted()).toEqual(before);
});
