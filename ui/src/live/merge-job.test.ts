import { expect, test } from "vitest";
import { jobHead, subtaskItem } from "./history.fixture.ts";
import { begin, isOtherHistory, merge, mergeById, type UpdateMessage } from "./merge-job.ts";

const job = jobHead();
const first = begin(
  {
    type: "job",
    jobId: "a",
    seq: 3,
    since: 0,
    job,
    subtasks: [subtaskItem("x", { instructions: "Do x" }), subtaskItem("y")],
    actors: [],
  },
  null,
);

const update = (subtasks: UpdateMessage["subtasks"]): UpdateMessage => ({
  type: "update",
  jobId: "a",
  seq: 4,
  entries: [],
  job: null,
  subtasks,
  actors: [],
});

test("an update changes what it names, and leaves everything else as the very object it was", () => {
  const held = merge(first, update([subtaskItem("y", { status: "running" })]));
  expect(held.subtasks.map(({ id, status }) => [id, status])).toEqual([
    ["x", "pending"],
    ["y", "running"],
  ]);
  expect(held.subtasks[0]).toBe(first.subtasks[0]);
  expect(held.job).toBe(job);
  expect(held.actors).toBe(first.actors);
});

test("the planner's words, once loaded, survive the stream's changes and a new beginning", () => {
  const held = merge(first, update([subtaskItem("x", { status: "done" })]));
  expect(held.subtasks[0]).toMatchObject({ status: "done", instructions: "Do x" });
  const again = begin(
    { type: "job", jobId: "a", seq: 4, since: 4, job, subtasks: [subtaskItem("x")], actors: [] },
    held,
  );
  expect(again.subtasks).toMatchObject([{ id: "x", instructions: "Do x" }]);
});

test("new ones come behind those that are known", () => {
  expect(mergeById([{ id: "a" }, { id: "b" }], [{ id: "c" }, { id: "a" }])).toEqual([
    { id: "a" },
    { id: "b" },
    { id: "c" },
  ]);
});

test("a server that begins before what it was asked has another history", () => {
  const message = { type: "job", jobId: "a", seq: 2, job, subtasks: [], actors: [] } as const;
  expect(isOtherHistory({ ...message, subtasks: [], actors: [], since: 0 }, 40)).toBe(true);
  expect(isOtherHistory({ ...message, subtasks: [], actors: [], since: 40 }, 40)).toBe(false);
});
