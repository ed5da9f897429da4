import { expect, test } from "vitest";
import { readLine } from "./log-line.ts";

test("a line of the job's log has its time, its level, and its fields marked", () => {
  const line = readLine('2026-11-22T10:00:01.250Z warn  retry in 5s subtask="a b" attempt=2');
  expect(line).toMatchObject({ time: Date.parse("2026-11-22T10:00:01.250Z"), level: "warn", role: "text" });
  expect(line.marks.map(({ start, end }) => line.text.slice(start, end))).toEqual([
    "subtask=",
    '"a b"',
    "attempt=",
    "2",
  ]);
});

test("an equals sign in the words is no field", () => {
  expect(readLine("2026-11-22T10:00:01.250Z info  set a=b for you").marks).toEqual([]);
});

test("commands and how they ended are told apart from what they printed", () => {
  expect(readLine("2026-11-22T10:00:01.250Z $ npm test")).toMatchObject({ role: "command", text: "npm test" });
  expect(readLine('2026-11-22T10:00:01.250Z in "": git log -3')).toMatchObject({ role: "command", text: "git log -3" });
  expect(
    ["exit code 0", "exit code 1", "exit code SIGKILL", "refused", "exit codes"].map((text) => readLine(text).role),
  ).toEqual(["good", "bad", "bad", "bad", "text"]);
});

test("a line that only looks like it has a time is text", () => {
  expect(readLine("2026-99-99T10:00:01.250Z info  x")).toMatchObject({
    time: null,
    text: "2026-99-99T10:00:01.250Z info  x",
  });
});

test("colours of a line are kept", () => {
  expect(readLine("\u001b[32mok\u001b[0m done")).toMatchObject({ text: "ok done", marks: [{ start: 0, end: 2 }] });
});
