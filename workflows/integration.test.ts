/** Bringing work together: every path of it, and what a user can count on. */

import { expect, test } from "vitest";
import type { Conflict, IntegrationInput } from "../src/core/coding.ts";
import { Stepper } from "../src/engine/testing/stepper.ts";
import { integration } from "./integration.ts";
import { brokenPromises } from "./testing/broken-promises.ts";
import { BASE, codingAnswers, jobInput, trouble } from "./testing/samples.ts";
import { unseen, walkPaths } from "./testing/walk-paths.ts";

interface Context extends IntegrationInput {
  readonly conflict: Conflict | null;
  readonly followUps: number;
  readonly error: unknown;
}

function inputOf(ids: readonly string[], maxFollowUps = 1): IntegrationInput {
  return {
    ...jobInput({ settings: { maxFollowUps } }),
    worktree: { name: "result", path: "/repository/.codex/jobs/job/worktrees/result", branch: "result-job" },
    head: BASE,
    incoming: ids.map((id) => ({ subtaskId: id, commit: `commit-${id}` })),
  };
}

const start = (ids: readonly string[], maxFollowUps?: number) =>
  new Stepper(integration.machine, inputOf(ids, maxFollowUps) as never);

function conflictAt(subtaskId: string, merged: readonly string[] = []) {
  const conflict = { subtaskId, commit: `commit-${subtaskId}`, files: ["a.txt"], descriptions: [], tree: "tree" };
  return { head: [BASE, ...merged].join("+"), merged, conflict };
}

const turn = { threadId: "thread", message: "It is resolved." };
const problems = ["There is a marker in a.txt.", "b.txt is gone."];

const walk = walkPaths<Context>(integration.machine, {
  input: inputOf(["a", "b", "c"], 2),
  answers: codingAnswers(),
});

test("every state and every transition is on some path", () => {
  expect(unseen([walk])).toEqual([]);
});

test("on every path it keeps what each workflow promises", () => {
  expect(brokenPromises(walk, ({ status }) => status === "done")).toEqual([]);
});

test("it ends merged with everything in the head, or failed with the reason and as far as it came", () => {
  const ends = walk.places.filter(({ status }) => status === "done");
  for (const { state, context, output } of ends) {
    expect(output).toEqual({ head: context.head, error: context.error });
    expect(context.head.startsWith(BASE)).toBe(true);
    if (state === "merged") {
      expect(output).toEqual({ head: `${BASE}+a+b+c`, error: null });
      expect(context.incoming).toEqual([]);
    } else {
      expect(output).toMatchObject({ error: { message: expect.any(String), hint: expect.any(String) } });
    }
  }
  expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(["merged", "failed"]));
});

test("an agent is asked only at a conflict, and at each conflict no more often than allowed", () => {
  const asked = walk.moves.filter(({ started }) => started.some(({ src }) => src === "runCodexTurn"));
  expect(asked.length).toBeGreaterThan(0);
  for (const { name } of asked) expect(name).toMatch(/^(integrate: conflict at [abc]|conclude: refused)$/);
  for (const { context } of walk.places) expect(context.followUps).toBeLessThanOrEqual(2);
  expect(walk.places.some(({ context }) => context.followUps === 2)).toBe(true);
});

test("work without conflicts is merged without an agent", () => {
  const steps = start(["a", "b"]).done("integrate", { head: "both", merged: ["a", "b"], conflict: null });
  expect(steps.snapshot).toMatchObject({ status: "done", output: { head: "both", error: null } });
});

test("what came in before a conflict is not asked for again, and the rest comes in after it", () => {
  const steps = start(["a", "b", "c"]).done("integrate", conflictAt("b", ["a"]));
  expect(steps.effects).toContainEqual(
    expect.objectContaining({ src: "runCodexTurn", input: expect.objectContaining({ threadId: null }) }),
  );
  steps.restart().done("resolve", turn).done("conclude", { head: "base+a+b", problems: [] });
  expect(steps.effects).toContainEqual(
    expect.objectContaining({
      src: "integrate",
      input: expect.objectContaining({
        head: "base+a+b",
        incoming: [{ subtaskId: "c", commit: "commit-c" }],
      }),
    }),
  );
});

test("an agent whose resolution does not pass is told why, in its own thread, a bounded number of times", () => {
  const steps = start(["a"], 1).done("integrate", conflictAt("a")).done("resolve", turn);
  steps.done("conclude", { head: null, problems }).restart();
  expect(steps.snapshot.value).toBe("resolving");
  expect(steps.snapshot.children).toHaveProperty("resolve");
  expect(steps.snapshot.context).toMatchObject({ threadId: "thread", problems });

  steps.done("resolve", turn).done("conclude", { head: null, problems });
  expect(steps.snapshot.output).toEqual({
    head: BASE,
    error: {
      name: "OrchError",
      code: "conflict-unresolved",
      message: `the conflict with subtask a in a.txt was not resolved: ${problems.join("; ")}`,
      hint: expect.stringContaining("refs/orch"),
      retryable: false,
    },
  });
});

test("each conflict has a thread and a count of its own", () => {
  const steps = start(["a", "b"], 1).done("integrate", conflictAt("a")).done("resolve", turn);
  steps
    .done("conclude", { head: null, problems })
    .done("resolve", turn)
    .done("conclude", { head: "base+a", problems: [] });
  steps.done("integrate", conflictAt("b"));
  expect(steps.snapshot.context).toMatchObject({ threadId: null, problems: [], followUps: 0 });
  steps.done("resolve", turn).done("conclude", { head: null, problems });
  expect(steps.snapshot.value).toBe("resolving");
});

test("with no second chance allowed, the first resolution that does not pass is the last", () => {
  const steps = start(["a"], 0).done("integrate", conflictAt("a")).done("resolve", turn);
  expect(steps.done("conclude", { head: null, problems }).snapshot.output).toMatchObject({
    error: { code: "conflict-unresolved" },
  });
});

test("an agent that breaks leaves what was merged before, with its error as it was", () => {
  const steps = start(["a", "b"])
    .done("integrate", conflictAt("b", ["a"]))
    .failed("resolve", trouble as never);
  // What it wrote is kept first, whatever comes of that.
  expect(steps.snapshot.value).toBe("keeping");
  steps.failed("keep", trouble as never);
  expect(steps.snapshot.output).toEqual({ head: "base+a", error: trouble });
});
