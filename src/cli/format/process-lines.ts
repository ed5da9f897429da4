/** The processes of jobs as a table, and below it what can be done about those that nobody watches over. */

import { formatDuration } from "../../core/durations.ts";
import type { ProcessView } from "../../jobs/process-view.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { table } from "./table.ts";

const COMMAND = 5;

/** @param columns of the terminal; undefined when it is none */
export function processLines(
  processes: readonly ProcessView[],
  now: number,
  columns: number | undefined,
  paint: Paint,
): string[] {
  if (processes.length === 0) return ["no process of any job runs on this machine"];
  const rows = processes.map((one) => [
    cleanLine(one.jobId),
    cleanLine(one.subtask ?? "–"),
    String(one.pid),
    one.startedAt === null ? "?" : formatDuration(Math.max(0, now - one.startedAt)),
    whatItIs(one),
    cleanLine(one.command, 200),
  ]);
  const [head = "", ...lines] = table([["JOB", "SUBTASK", "PID", "FOR", "WHAT", "COMMAND"], ...rows], columns, COMMAND);
  return [paint("dim", head), ...lines, ...adviceOn(processes)];
}

function whatItIs({ kind, state, isStopped, started }: ProcessView): string {
  const fate = {
    running: "",
    orphan: kind === "agent" ? "orphan: adopted at resume" : "orphan: ended at resume",
    "left-over": "left over: its job is over",
    unknown: "of no job in this database",
  }[state];
  const facts = [started.length > 0 ? `and ${started.length} that it started` : "", isStopped ? "stopped" : "", fate];
  return [kind, ...facts.filter(Boolean)].join(", ");
}

function adviceOn(processes: readonly ProcessView[]): string[] {
  const jobs = (state: ProcessView["state"]) => [
    ...new Set(processes.flatMap((one) => (one.state === state ? cleanLine(one.jobId) : []))),
  ];
  const advice = [
    ...jobs("orphan").map((id) => `job ${id} has no orchestrator: orch resume ${id}, or orch cancel ${id}`),
    ...jobs("left-over").map((id) => `job ${id} is over: orch clean ${id} ends what it left`),
  ];
  return advice.length > 0 ? ["", ...advice] : [];
}
