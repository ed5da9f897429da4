/** Where a job is on its way, as steps that a person knows, with the time that each took. Pure. */

import type { JobHead } from "../../../../src/core/protocol/jobs.ts";
import type { Span } from "../axis/phase-spans.ts";

export type StepState = "done" | "current" | "failed" | "stopped" | "todo";

export interface Step {
  readonly phase: string;
  readonly state: StepState;
  /** Milliseconds spent in it so far; null if none were, or it is not known. */
  readonly took: number | null;
  /** How often it was gone into. */
  readonly times: number;
}

/** @param spans of the root machine, oldest first @param now the end of what still lasts */
export function stepsOf(job: JobHead, spans: readonly Span[], now: number): readonly Step[] {
  return job.isCodingJob ? codingSteps(job, spans, now) : visitedSteps(job, spans, now);
}

/** More would be no overview: the inspector and the history have all. */
const MOST_VISITED = 6;

/** Of a machine of somebody's own nobody knows what is to come: the states that it came through, each where it was last. */
function visitedSteps({ state, phase }: JobHead, spans: readonly Span[], now: number): readonly Step[] {
  const visits = Map.groupBy(spans, (span) => span.phase);
  const order = [...visits.keys()].sort(
    (a, b) => (visits.get(a)?.at(-1)?.from ?? 0) - (visits.get(b)?.at(-1)?.from ?? 0),
  );
  const steps = order.map((name): Step => {
    const own = visits.get(name) ?? [];
    const took = own.reduce((sum, { from, to }) => sum + ((to ?? now) - from), 0);
    return { phase: name, state: "done", took, times: own.length };
  });
  const last = steps.findLast((step) => step.phase === phase) ?? steps.at(-1);
  const ends: Partial<Record<JobHead["state"], StepState>> = { done: "done", failed: "failed", cancelled: "stopped" };
  return steps
    .map((step) => (step === last ? { ...step, state: ends[state] ?? "current" } : step))
    .slice(-MOST_VISITED);
}

function codingSteps(job: JobHead, spans: readonly Span[], now: number): readonly Step[] {
  const seen = new Set(spans.map(({ phase }) => phase));
  const isVerified = job.settings.verify.length > 0 || seen.has("verifying");
  // It takes a moment, and stands with what it comes after.
  const stepOf = (phase: string) => (phase !== "describing" ? phase : isVerified ? "verifying" : "merging");
  const phaseOf = ({ phase }: { readonly phase: string }) => stepOf(phase);
  const phases = [
    "preparing",
    "planning",
    ...(job.asksApproval || seen.has("awaitingApproval") ? ["awaitingApproval"] : []),
    "working",
    "merging",
    ...(isVerified ? ["verifying"] : []),
    ...(seen.has("pushing") || job.phase === "pushing" || job.result?.pushedTo ? ["pushing"] : []),
    "done",
  ];
  const last = spans.at(-1);
  const lastPhase = last && phaseOf(last);
  const here = job.phase === null ? "preparing" : stepOf(job.phase);
  const isOver = here === "failed" || here === "cancelled";
  // A job that failed stands where it was before.
  const at = here === "done" ? phases.length - 1 : phases.indexOf(isOver ? (lastPhase ?? "preparing") : here);
  return phases.map((phase, index): Step => {
    const own = spans.filter((span) => phaseOf(span) === phase);
    const took = own.reduce((sum, { from, to }) => sum + ((to ?? now) - from), 0);
    return {
      phase,
      state: stateAt(index - at, here),
      took: own.length === 0 ? null : took,
      times: own.filter((span, place) => place === 0 || own[place - 1]?.to !== span.from).length,
    };
  });
}

function stateAt(distance: number, here: string): StepState {
  if (distance < 0) return "done";
  if (distance > 0) return "todo";
  if (here === "failed") return "failed";
  if (here === "cancelled") return "stopped";
  return here === "done" ? "done" : "current";
}
