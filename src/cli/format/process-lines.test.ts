import { expect, test } from "vitest";
import type { ProcessView } from "../../jobs/process-view.ts";
import { plain } from "./paint.ts";
import { processLines } from "./process-lines.ts";

const one: ProcessView = {
  pid: 42,
  kind: "agent",
  state: "running",
  jobId: "job-1",
  repository: "/r",
  subtask: "parser",
  command: "codex exec --json",
  startedAt: 1_000,
  isStopped: false,
  started: [43, 44],
};
const lines = (...processes: ProcessView[]) => processLines(processes, 66_000, undefined, plain);

test("a process is shown with what it is, since when, and for what", () => {
  const [head, line] = lines(one);
  expect(head?.split(/ {2,}/)).toEqual(["JOB", "SUBTASK", "PID", "FOR", "WHAT", "COMMAND"]);
  expect(line?.split(/ {2,}/)).toEqual([
    ...["job-1", "parser", "42", "1m 05s", "agent, and 2 that it started", "codex exec --json"],
  ]);
});

test("what becomes of an orphan is said, and what can be done", () => {
  const orphan = { ...one, state: "orphan" as const, started: [], isStopped: true };
  const all = lines(orphan, { ...orphan, kind: "command" }, { ...orphan, jobId: "job-2", state: "left-over" }).join(
    "\n",
  );
  expect(all).toContain("agent, stopped, orphan: adopted at resume");
  expect(all).toContain("command, stopped, orphan: ended at resume");
  expect(all).toContain("job job-1 has no orchestrator: orch resume job-1, or orch cancel job-1");
  expect(all.match(/orch resume job-1/g)).toHaveLength(1);
  expect(all).toContain("job job-2 is over: orch clean job-2 ends what it left");
});

test("no process is a word, too", () => {
  expect(lines()).toEqual(["no process of any job runs on this machine"]);
});
