/** One subtask: every path of it, and what a user can count on. */

import { expect, test } from "vitest";
import type { CheckWorkOutput, CodingSettings, Incoming, SubtaskInput, SubtaskResult } from "../src/core/coding.ts";
import { Stepper } from "../src/engine/testing/stepper.ts";
import { subtask } from "./subtask.ts";
import { brokenPromises } from "./testing/broken-promises.ts";
import { BASE, broken, codingAnswers, jobInput, refused, stat, trouble } from "./testing/samples.ts";
import { unseen, walkPaths } from "./testing/walk-paths.ts";

interface Context extends SubtaskInput {
  readonly followUps: number;
  readonly work: CheckWorkOutput | null;
  readonly error: unknown;
}

interface Sample {
  readonly settings?: Partial<CodingSettings>;
  readonly startFrom?: readonly Incoming[];
}

const incoming = (...ids: readonly string[]) => ids.map((id) => ({ subtaskId: id, commit: `commit-${id}` }));

function inputOf({ settings = {}, startFrom = [] }: Sample = {}): SubtaskInput {
  const outline = { id: "part", title: "The part", dependsOn: startFrom.map(({ subtaskId }) => subtaskId) };
  return { ...jobInput({ settings }), subtask: outline, name: "part", startFrom };
}

const start = (sample?: Sample) => new Stepper(subtask.machine, inputOf(sample) as never);
const prepared = (sample?: Sample) =>
  start(sample).done("prepare", { name: "part", path: "/part", branch: "orch/job/part" });

const turn = { threadId: "thread", message: "It is done." };
const sound = { snapshot: "kept", tree: "tree", stat, problems: [] };
const unsound = { ...sound, problems: [refused] };

const walks = [
  { settings: { maxFollowUps: 2 } },
  { settings: { setup: ["npm ci"], maxFollowUps: 0 }, startFrom: incoming("a") },
  { settings: { setup: ["npm ci"] }, startFrom: incoming("a", "b", "c") },
].map((sample) => walkPaths<Context>(subtask.machine, { input: inputOf(sample), answers: codingAnswers() }));

test("every state and every transition is on some path", () => {
  expect(unseen(walks)).toEqual([]);
});

test("on every path it keeps what each workflow promises", () => {
  expect(walks.flatMap((walk) => brokenPromises(walk, ({ status }) => status === "done"))).toEqual([]);
});

test("it ends done with a commit, or failed with a reason and what to do next: never both, never neither", () => {
  for (const { state, output, path } of walks.flatMap(({ places }) => places)) {
    if (state !== "done" && state !== "failed") continue;
    const result = output as SubtaskResult;
    expect(result, path.join(" > ")).toMatchObject({ id: "part", status: state });
    if (state === "done") expect(result).toMatchObject({ commit: "commit-of-tree-part", stat, error: null });
    else expect(result).toMatchObject({ commit: null, error: { message: /./, hint: /./ } });
  }
});

test("only work that has passed its check is committed", () => {
  const commits = walks.flatMap(({ moves }) => moves).filter(({ started }) => started[0]?.src === "commitWork");
  expect(new Set(commits.map(({ name }) => name))).toEqual(new Set(["check: sound"]));
});

test("after every turn, also one that broke, what the agent wrote is kept before anything else", () => {
  const turns = walks.flatMap(({ moves }) => moves).filter(({ name }) => name.startsWith("codex: "));
  expect(new Set(turns.map(({ name }) => name))).toEqual(new Set(["codex: done", "codex: breaks"]));
  for (const { started } of turns) expect(started.map(({ src }) => src)).toEqual(["checkWork"]);
});

test("an agent is asked again as often as allowed, not more", () => {
  expect(walks.map(({ places }) => Math.max(...places.map(({ context }) => context.followUps)))).toEqual([2, 0, 1]);
});

test("without dependencies it starts from the base commit, without setup at once with its agent", () => {
  const steps = start();
  expect(steps.effects).toEqual([
    expect.objectContaining({
      src: "prepareWorktree",
      input: expect.objectContaining({ name: "part", branch: "orch/job/part", startCommit: BASE, copy: [".env"] }),
    }),
  ]);
  steps.done("prepare", { name: "part", path: "/part", branch: "orch/job/part" });
  expect(steps.snapshot.value).toBe("coding");
  expect(steps.effects).toContainEqual(
    expect.objectContaining({
      src: "runCodexTurn",
      input: expect.objectContaining({
        request: { kind: "subtask", subtaskId: "part", task: "Do it." },
        threadId: null,
      }),
    }),
  );
});

test("with one dependency it starts from its commit, and merges nothing", () => {
  const steps = start({ startFrom: incoming("a") });
  expect(steps.effects[0]).toMatchObject({ input: { startCommit: "commit-a" } });
  expect(steps.done("prepare", { name: "part", path: "/part", branch: "b" }).snapshot.value).toBe("coding");
});

test("with several dependencies the others are brought into the first one's work, and the check is against all of it", () => {
  const steps = prepared({ startFrom: incoming("a", "b", "c") });
  expect(steps.effects).toContainEqual(
    expect.objectContaining({
      src: "integration",
      input: expect.objectContaining({ head: "commit-a", incoming: incoming("b", "c") }),
    }),
  );
  steps.restart().done("integration", { head: "all", error: null }).done("codex", turn);
  expect(steps.effects).toContainEqual(
    expect.objectContaining({ src: "checkWork", input: expect.objectContaining({ head: "all" }) }),
  );
});

test("dependencies that cannot be brought together fail it before an agent is paid", () => {
  const steps = prepared({ startFrom: incoming("a", "b") }).done("integration", {
    head: "commit-a",
    error: trouble as never,
  });
  expect(steps.snapshot.output).toMatchObject({ status: "failed", error: trouble });
});

test("a setup command that fails, fails it before an agent is paid, and says which command and why", () => {
  const steps = prepared({ settings: { setup: ["make deps"] } });
  expect(steps.effects).toContainEqual(
    expect.objectContaining({ src: "runCommands", input: expect.objectContaining({ commands: ["make deps"] }) }),
  );
  steps.restart().done("setup", { failure: broken });
  expect(steps.snapshot.output).toMatchObject({
    status: "failed",
    error: {
      code: "setup-failed",
      message: 'the setup of subtask part failed: "make test" exited with 2 (one test failed)',
    },
  });
});

test("a setup command without an end says so", () => {
  const failure = { ...broken, exitCode: null, timedOut: true, outputTail: "" };
  expect(prepared({ settings: { setup: ["x"] } }).done("setup", { failure }).snapshot.output).toMatchObject({
    error: { message: 'the setup of subtask part failed: "make test" took too long' },
  });
});

test("an agent whose work cannot be taken is told why in its own thread, and may do better", () => {
  const steps = prepared().done("codex", turn).done("check", unsound);
  expect(steps.effects).toContainEqual(
    expect.objectContaining({
      src: "runCodexTurn",
      input: expect.objectContaining({ request: { kind: "follow-up", problems: [refused] }, threadId: "thread" }),
    }),
  );
  steps.restart().done("codex", { threadId: "thread", message: "Now it is." }).done("check", sound);
  expect(steps.effects).toContainEqual(
    expect.objectContaining({
      src: "commitWork",
      input: expect.objectContaining({ head: BASE, tree: "tree", title: "The part", body: "Now it is." }),
    }),
  );
  expect(steps.done("commit", { head: "commit" }).snapshot.output).toEqual({
    id: "part",
    status: "done",
    commit: "commit",
    stat,
    message: "Now it is.",
    error: null,
  });
});

test("work that is refused to the end fails it, with what is wrong and how much was written", () => {
  const steps = prepared({ settings: { maxFollowUps: 1 } })
    .done("codex", turn)
    .done("check", unsound);
  const last = { files: 7, insertions: 70, deletions: 0 };
  steps.done("codex", turn).done("check", { ...unsound, stat: last });
  expect(steps.snapshot.output).toMatchObject({
    status: "failed",
    commit: null,
    stat: last,
    error: {
      code: "work-refused",
      message: `what the agent left for subtask part cannot be taken: ${refused}`,
      hint: expect.stringContaining("refs/orch"),
    },
  });
});

test("a turn that breaks keeps the work first; its error is told, whatever becomes of the keeping", () => {
  for (const end of [
    (steps: Stepper) => steps.done("keep", sound),
    (steps: Stepper) => steps.failed("keep", { name: "Error", message: "the disk is full" }),
  ]) {
    const steps = prepared().failed("codex", trouble as never);
    expect(steps.snapshot.value).toBe("keeping");
    expect(steps.effects).toContainEqual(expect.objectContaining({ src: "checkWork", id: "keep" }));
    expect(end(steps.restart()).snapshot.output).toMatchObject({ status: "failed", commit: null, error: trouble });
  }
});
