import { expect, test } from "vitest";
import { goldenHistory } from "../testing/machines.testkit.ts";
import { around, placed, TimelineMarks } from "./marks.ts";
import { Playhead, waitBefore } from "./pace.ts";

const marksOf = (name: "demo" | "broken" | "retried") => {
  const marks = new TimelineMarks();
  for (const entry of goldenHistory(name)) marks.take(entry);
  return marks;
};

test("the phases of a job follow each other, and cover it from its first entry", () => {
  const { phases } = marksOf("demo");
  expect(phases[0]).toEqual({ name: "preparing", from: 1 });
  expect(phases.map(({ name }) => name)).toEqual(expect.arrayContaining(["planning", "working", "merging", "done"]));
  expect(phases.map(({ from }) => from)).toEqual(phases.map(({ from }) => from).toSorted((a, b) => a - b));
});

test("failures, retries and the ends of subtasks are marked where they are", () => {
  const demo = marksOf("demo").marks.filter(({ kind }) => kind === "end");
  expect(demo.length).toBeGreaterThan(0);
  const { marks } = marksOf("retried");
  const history = goldenHistory("retried");
  const seqs = (kind: string) => marks.filter((mark) => mark.kind === kind).map(({ seq }) => seq);
  expect(seqs("failure")).toEqual(history.filter(({ error }) => error !== null).map(({ seq }) => seq));
  expect(seqs("retry")).toEqual(
    expect.arrayContaining(history.filter(({ event }) => event === "job.retry").map(({ seq }) => seq)),
  );
});

test("where many marks fall on one place, the worst is seen", () => {
  const marks = Array.from({ length: 20_000 }, (_, index) => ({
    seq: index + 1,
    kind: index % 500 === 0 ? ("failure" as const) : ("end" as const),
    text: "",
  }));
  const found = placed(marks, 1, 20_000, 100);
  expect(found).toHaveLength(100);
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
  expect(found.filter(({ mark }) => mark.kind === "failure").length).toBeGreaterThanOrEqual(40);
});

test("played by time, a night's wait is cut short; by entries, each takes the same", () => {
  expect(waitBefore("time", 1, 8 * 3_600_000)).toBe(waitBefore("time", 1, 60_000));
  expect(waitBefore("time", 1, 1000)).toBeLessThan(waitBefore("time", 1, 5000));
  expect(waitBefore("time", 16, 1000)).toBe(waitBefore("time", 1, 1000) / 16);
  expect(waitBefore("entries", 4, 1)).toBe(waitBefore("entries", 4, 1000));
});

test("the playhead passes several entries in one frame, keeps what is left over, and stops at the end", () => {
  const head = new Playhead(1);
  const timeOf = (seq: number) => seq * 1000;
  expect(head.advance(100, 100, "entries", 1, timeOf)).toBe(1);
  expect(head.advance(150, 100, "entries", 1, timeOf)).toBe(2);
  expect(head.advance(1000, 100, "entries", 1, timeOf)).toBe(6);
  expect(head.advance(1_000_000, 100, "entries", 16, timeOf)).toBe(100);
});

test("around an entry, a failure is named before what went well", () => {
  const marks = [
    { seq: 8, kind: "end" as const, text: "a" },
    { seq: 9, kind: "end" as const, text: "b" },
    { seq: 11, kind: "failure" as const, text: "c" },
    { seq: 30, kind: "failure" as const, text: "far" },
  ];
  expect(around(marks, 10, 2, 2).map(({ text }) => text)).toEqual(["c", "a"]);
});
