/** Every path of a coding job: of its phases with one subtask, and of its board with several. */

import { expect, test } from "vitest";
import type { CodingJobOutput, SubtaskInput } from "../src/core/coding.ts";
import type { MachineEvent } from "../src/engine/interpreter.ts";
import { type CodingJobContext, codingJob } from "./coding-job.ts";
import { mergeOrder, ready } from "./subtask-board.ts";
import { brokenPromises } from "./testing/broken-promises.ts";
import type { Place } from "./testing/place.ts";
import { BASE, codingAnswers, jobInput, smooth } from "./testing/samples.ts";
import { type Move, unseen, walkPaths } from "./testing/walk-paths.ts";

type At = Place<CodingJobContext>;

const MAX_REPAIRS = 2;
const CONCURRENCY = 2;
const cancel = { "job.cancel": { type: "job.cancel" } };

/** Every word of a person, for a plan with these subtasks. */
function words(ids: readonly string[]): Record<string, MachineEvent> {
  const about = (type: string) => ids.map((subtaskId) => [`${type} ${subtaskId}`, { type, subtaskId }]);
  return {
    ...cancel,
    "plan.approve": { type: "plan.approve" },
    "plan.reject": { type: "plan.reject", feedback: "smaller, please" },
    "job.retry": { type: "job.retry" },
    ...Object.fromEntries([...about("job.retry"), ...about("subtask.skip")]),
  };
}

/** Leaves out what decides nothing: of errors and failures only that they are there, and how often something was tried. */
function relevant({ error, verification, board, ...context }: CodingJobContext): unknown {
  const entries = board.map(({ id, status, commit }) => [id, status, commit]);
  return { ...context, error: error !== null, verification: verification !== null, board: entries };
}

const phases = walkPaths<CodingJobContext>(codingJob.machine, {
  input: jobInput({
    push: { remote: "origin", url: "/remote" },
    settings: { approvePlan: true, verify: ["make test"], maxRepairs: MAX_REPAIRS },
  }),
  answers: codingAnswers({ only: [] }),
  signals: words(["only", "unknown"]),
  relevant,
});

const graph = { a: [], b: [], c: ["a", "b"], d: ["b"], integration: [] };
const answers = codingAnswers(graph);
const board = walkPaths<CodingJobContext>(codingJob.machine, {
  input: jobInput({ settings: { concurrency: CONCURRENCY } }),
  answers: { ...smooth(answers), subtask: answers.subtask },
  signals: words(Object.keys(graph)),
  relevant,
});

const walks = [
  ["phases", phases],
  ["board", board],
] as const;
const places = [...phases.places, ...board.places];
const moves = [...phases.moves, ...board.moves];
const isDone = ({ state }: At) => state === "done";
const where = (move: Move<CodingJobContext>) => [...(move.from?.path ?? []), move.name].join(" > ");
const statusOf = ({ context }: At, id: string) => context.board.find((entry) => entry.id === id)?.status;

test("every state and every transition is on some path", () => {
  expect(unseen([phases, board])).toEqual([]);
});

test.each(walks)("on every path it keeps what each workflow promises: %s", (_name, walk) => {
  // Also: from everywhere, after whatever failed, there is a way to be done.
  expect(brokenPromises(walk, isDone)).toEqual([]);
});

test("each word is taken where somebody waits for it, and nowhere else", () => {
  const taken = new Map<string, Set<string>>();
  for (const { from, name, by } of moves) {
    const word = name.split(" ")[0] as string;
    if (from && by === "person") taken.set(word, (taken.get(word) ?? new Set()).add(from.state));
  }
  const { "job.cancel": cancelled, ...others } = Object.fromEntries([...taken].map(([word, at]) => [word, [...at]]));
  expect(others).toEqual({
    "plan.approve": ["awaitingApproval"],
    "plan.reject": ["awaitingApproval"],
    "job.retry": ["failed"],
    "subtask.skip": ["failed"],
  });
  const open = places.filter(({ status }) => status === "active").map(({ state }) => state);
  expect(new Set(cancelled)).toEqual(new Set(open));
});

test("job.cancel leads from everywhere to the end, and stops whatever runs", () => {
  const cancels = moves.filter(({ name }) => name === "job.cancel");
  expect(cancels.length).toBe(places.filter(({ status }) => status === "active").length);
  for (const move of cancels) {
    expect(move.to, where(move)).toMatchObject({ state: "cancelled", status: "done", tags: ["cancelled"] });
    expect([...move.stopped].sort(), where(move)).toEqual([...(move.from?.running.keys() ?? [])].sort());
    expect(move.started, where(move)).toEqual([]);
  }
});

test("done means: a head, no error left, every subtask done or skipped, and pushed if that was asked", () => {
  const ends = places.filter(isDone);
  expect(ends.length).toBeGreaterThan(0);
  for (const { context, output, path } of ends) {
    const { head, error, verification, repository, stat } = context;
    const result = output as CodingJobOutput;
    expect(head, path.join(" > ")).toMatch(/./);
    expect({ error, verification }, path.join(" > ")).toEqual({ error: null, verification: null });
    expect(context.board.every(({ status }) => status === "done" || status === "skipped")).toBe(true);
    expect(result).toEqual({
      resultBranch: head === BASE ? null : "result-job",
      resultCommit: head,
      stat,
      pushedTo: repository.push?.remote ?? null,
    });
  }
});

test("no more subtasks run than allowed, the board knows which, and no place stays free while one could start", () => {
  let most = 0;
  for (const { state, running, context, path } of board.places) {
    if (state !== "working") continue;
    const onBoard = context.board.filter(({ status }) => status === "running").map(({ id }) => id);
    expect([...running.keys()].sort(), path.join(" > ")).toEqual(onBoard.sort());
    expect(running.size, path.join(" > ")).toBeLessThanOrEqual(CONCURRENCY);
    expect(ready(context.board, CONCURRENCY), path.join(" > ")).toEqual([]);
    most = Math.max(most, running.size);
  }
  expect(most).toBe(CONCURRENCY);
});

test("a subtask starts when all it depends on is done or skipped, from what was done of it", () => {
  const starts = board.moves.flatMap((move) =>
    move.started
      .filter(({ src }) => src === "subtask")
      .map(({ input }) => ({ move, input: input as unknown as SubtaskInput })),
  );
  for (const { move, input } of starts) {
    const { dependsOn } = input.subtask;
    const before = dependsOn.map((id) => statusOf(move.to, id));
    expect(
      before.filter((status) => status !== "done" && status !== "skipped"),
      where(move),
    ).toEqual([]);
    const done = dependsOn.filter((id) => statusOf(move.to, id) === "done");
    expect(input.startFrom, where(move)).toEqual(done.map((id) => ({ subtaskId: id, commit: `commit-${id}` })));
  }
  expect(new Set(starts.map(({ input }) => input.subtask.id))).toEqual(new Set(Object.keys(graph)));
});

test("what is done stays done: nothing makes a finished subtask begin anew", () => {
  for (const move of board.moves) {
    if (!move.from || move.name.startsWith("plan: ")) continue;
    for (const { id, status } of move.from.context.board) {
      if (status === "done" || status === "skipped") expect(statusOf(move.to, id), where(move)).toBe(status);
    }
  }
});

test("a failed subtask blocks what depends on it, and only that; all others are finished before the job fails", () => {
  for (const place of board.places.filter(({ state }) => state === "failed")) {
    const { context, path } = place;
    const failed = context.board.filter(({ status }) => status === "failed").map(({ id }) => id);
    expect(failed.length, path.join(" > ")).toBeGreaterThan(0);
    for (const { status, dependsOn } of context.board) {
      const isCut = dependsOn.some((id) => failed.includes(id) || statusOf(place, id) === "blocked");
      if (isCut) expect(status, path.join(" > ")).toBe("blocked");
      else expect(["done", "failed", "skipped"], path.join(" > ")).toContain(status);
    }
  }
});

test("what is merged is what is done, in the plan's order", () => {
  const merges = board.moves.flatMap((move) =>
    move.started.filter(({ src }) => src === "integration").map((s) => ({ move, s })),
  );
  for (const { move, s } of merges) {
    expect(s.input, where(move)).toMatchObject({ incoming: mergeOrder(move.to.context.board), head: BASE });
  }
});

test("an agent repairs as often as allowed until a person says again", () => {
  for (const move of phases.moves) {
    const { repairs } = move.to.context;
    expect(repairs, where(move)).toBeLessThanOrEqual(MAX_REPAIRS);
    if (move.from && repairs < move.from.context.repairs) expect(move.by, where(move)).toBe("person");
  }
  expect(phases.places.some(({ context }) => context.repairs === MAX_REPAIRS)).toBe(true);
});

test("a verification counts only on files that are committed", () => {
  for (const move of phases.moves.filter(({ started }) => started.some(({ id }) => id === "verify"))) {
    expect(["integration: merged", "commitRepair: done", "checkRepair: nothing changed"]).toContain(move.name);
  }
});
