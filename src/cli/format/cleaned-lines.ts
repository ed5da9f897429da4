/** What `orch clean` did, or would do: a line for each thing, and a summary. */

import { count } from "../../core/figures.ts";
import type { CleanedJob } from "../../jobs/clean-jobs.ts";
import type { CleanedThing } from "../../services/git/clean-job.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";

export function cleanedLines(job: CleanedJob, dryRun: boolean, paint: Paint): string[] {
  const { jobId, state, things, ended, note, isKept, isForgotten } = job;
  return [
    `${paint("bold", `job ${cleanLine(jobId)}`)}  ${state}${note === null ? "" : `: ${cleanLine(note, 400)}`}`,
    ...(ended.length > 0
      ? [`  ${dryRun ? "would end" : "ended"} ${processes(ended.length)}: ${ended.join(", ")}`]
      : []),
    ...things.map((thing) => `  ${thingLine(thing, dryRun, paint)}`),
    ...(things.length === 0 && ended.length === 0 && note === null ? ["  nothing is left of it"] : []),
    ...(isForgotten ? [`  ${paint("green", dryRun ? "would forget" : "forgot")}  its record in the database`] : []),
    ...(isKept ? [paint("dim", `  to remove what is kept, for good: orch clean ${cleanLine(jobId)} --discard`)] : []),
  ];
}

export function summaryOf(jobs: readonly CleanedJob[], dryRun: boolean): string {
  const things = jobs.flatMap((job) => job.things);
  const counted = (outcome: CleanedThing["outcome"]) =>
    (["worktree", "branch", "snapshots"] as const).flatMap((kind) => {
      const of = things.filter((thing) => thing.kind === kind && thing.outcome === outcome);
      const number = of.reduce((sum, thing) => sum + thing.count, 0);
      return number > 0 ? [counting(kind, number)] : [];
    });
  const ended = jobs.reduce((sum, job) => sum + job.ended.length, 0);
  const part = (words: string, what: readonly string[]) => (what.length > 0 ? [`${words} ${what.join(", ")}`] : []);
  const forgotten = jobs.filter(({ isForgotten }) => isForgotten).length;
  const parts = [
    ...part(dryRun ? "would forget" : "forgot", forgotten > 0 ? [count(forgotten, "job")] : []),
    ...part(dryRun ? "would remove" : "removed", counted("removed")),
    ...part(dryRun ? "would end" : "ended", ended > 0 ? [processes(ended)] : []),
    ...part("kept", counted("kept")),
    ...part("could not remove", counted("failed")),
  ];
  return parts.length > 0 ? parts.join("; ") : "nothing to remove";
}

function thingLine(thing: CleanedThing, dryRun: boolean, paint: Paint): string {
  const { kind, name, outcome, reason, commit } = thing;
  const done = {
    removed: paint("green", dryRun ? "would remove" : "removed"),
    kept: paint("yellow", "kept"),
    failed: paint("red", "could not remove"),
  }[outcome];
  const what =
    kind === "snapshots" ? `${counting(kind, thing.count)} under ${cleanLine(name)}` : `${kind} ${cleanLine(name)}`;
  const at = commit === null ? "" : ` (${commit.slice(0, 12)})`;
  return `${done}  ${what}${at}${reason === "" ? "" : `: ${cleanLine(reason, 400)}`}`;
}

function counting(kind: CleanedThing["kind"], number: number): string {
  if (kind === "branch") return count(number, "branch", "branches");
  return count(number, kind === "snapshots" ? "snapshot" : kind);
}

function processes(number: number): string {
  return count(number, "process", "processes");
}
