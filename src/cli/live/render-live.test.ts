import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { JobEvent } from "../../core/protocol.ts";
import { coloured, plain } from "../format/paint.ts";
import { STEERS } from "../format/terminal.testkit.ts";
import { textWidth } from "../format/text-width.ts";
import { LiveModel } from "./live-model.ts";
import { type LiveFrame, renderLive } from "./render-live.ts";

const jobId = "job-1";
const frame: LiveFrame = { now: 12_000, columns: 100, rows: 24, paint: plain };

function modelOf(...events: (JobEvent | [at: number, event: JobEvent])[]): LiveModel {
  const model = new LiveModel(jobId, [], 0);
  for (const event of events) {
    if (Array.isArray(event)) model.take(event[1], event[0]);
    else model.take(event, 0);
  }
  return model;
}

const plan = (...ids: string[]): JobEvent => ({
  type: "plan.ready",
  jobId,
  summary: "",
  subtasks: ids.map((id) => ({ id, title: id, dependsOn: [] })),
});
const started = (id: string): JobEvent => ({ type: "subtask.started", jobId, id, title: id });
const progress = (id: string | null, line: string): JobEvent => ({ type: "progress", jobId, id, line });
const phase = (name: "planning" | "working" | "merging"): JobEvent => ({ type: "job.phase", jobId, phase: name });
const finished = (id: string, status: "done" | "failed"): JobEvent => ({
  ...{ type: "subtask.finished", jobId, id, title: id, status, commit: null, stat: null, error: null },
});
/** Without the sign that turns. */
const text = (model: LiveModel, change: Partial<LiveFrame> = {}) =>
  renderLive(model, { ...frame, ...change }).replaceAll(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/gm, "*");

test("each running subtask has a line with its time and what was last seen of it; the others are counted", () => {
  const model = modelOf(
    plan("parser", "printer", "docs", "tool", "site"),
    phase("working"),
    started("parser"),
    [7000, started("printer")],
    progress("parser", "$ npm test"),
    started("docs"),
    finished("docs", "done"),
    started("tool"),
    finished("tool", "failed"),
  );
  expect(text(model).split("\n")).toEqual([
    "* parser       12s  $ npm test",
    "* printer       5s",
    "  2 running · 1 waiting · 1 done · 1 failed · 12s · job-1 · Ctrl-C stops, to be resumed",
  ]);
});

test("the job's own work has a line while it is at it", () => {
  expect(text(modelOf(phase("planning"), progress(null, "git ls-files")))).toContain(
    "* planning      12s  git ls-files",
  );
  expect(text(modelOf(phase("planning"), phase("working")))).not.toContain("planning");
});

test("what is tried again says when, and then that it is being tried", () => {
  const retry: JobEvent = { type: "retry", jobId, id: "parser", error: { message: "too many requests" }, at: 20_000 };
  const model = modelOf(plan("parser"), started("parser"), retry);
  expect(text(model)).toContain("↻ parser      12s  again in 8s  too many requests");
  expect(text(model, { now: 21_000 })).toContain("* parser      21s  too many requests");
});

test("a conflict says with what", () => {
  const conflict: JobEvent = { type: "merge.conflict", jobId, id: null, subtaskId: "docs", files: ["a.txt", "b.txt"] };
  expect(text(modelOf(phase("merging"), conflict))).toContain("conflict  with docs in a.txt, b.txt");
});

test("a job that is gone on with shows what was known of it", () => {
  const known = [
    { id: "a", status: "done" },
    { id: "b", status: "running" },
    { id: "c", status: "pending" },
  ] as const;
  expect(text(new LiveModel(jobId, known, 0)).split("\n")).toEqual([
    "* b      12s",
    "  1 running · 1 waiting · 1 done · 12s · job-1 · Ctrl-C stops, to be resumed",
  ]);
});

test("a run that is being stopped says so", () => {
  const model = modelOf(phase("planning"));
  model.stop();
  expect(text(model)).toContain("stopping; Ctrl-C again stops at once");
});

const ids = Array.from({ length: 40 }, (_, index) => `subtask-${index}-日本語`);
const many = modelOf(plan(...ids), ...ids.map(started), ...ids.map((id) => progress(id, "日本語 ".repeat(50))));

test.each([
  [200, 50],
  [80, 24],
  [40, 10],
  [9, 4],
  [1, 1],
])("nothing wraps and nothing scrolls on a terminal of %i columns and %i rows", (columns, rows) => {
  const lines = renderLive(many, { ...frame, columns, rows }).split("\n");
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
  expect(lines.length).toBeLessThanOrEqual(Math.max(2, rows - 1));
});

test("what has no room on the terminal is counted", () => {
  const lines = renderLive(many, { ...frame, rows: 10 }).split("\n");
  expect(lines).toHaveLength(8);
  expect(lines[6]).toBe("  … and 34 more");
});

test("colours take no room", () => {
  const withColours = renderLive(many, { ...frame, columns: 40, paint: coloured });
  expect(withColours).toContain("\u001b[36m");
  expect(stripVTControlCharacters(withColours)).toBe(renderLive(many, { ...frame, columns: 40 }));
});

test("nothing that an agent prints can steer the terminal or add a line", () => {
  const evil = "a\u001b[2J\rb\nc\u202ed\u009b31m";
  const model = modelOf(plan("x"), started("x"), progress("x", evil));
  expect(renderLive(model, frame).split("\n")).toHaveLength(2);
  expect(renderLive(model, frame)).not.toMatch(STEERS);
});
