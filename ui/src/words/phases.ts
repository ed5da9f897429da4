/** The states of the machines in a person's words. What is not known here is shown as the machine has it. */

import type { JobStateName } from "../../../src/core/protocol/common.ts";

const JOB_PHASES: Readonly<Record<string, string>> = {
  preparing: "Preparing",
  planning: "Planning",
  awaitingApproval: "Awaiting approval",
  working: "Working",
  merging: "Merging",
  verifying: "Verifying",
  describing: "Describing",
  pushing: "Pushing",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

const SUBTASK_PHASES: Readonly<Record<string, string>> = {
  preparing: "Worktree",
  integrating: "Taking in dependencies",
  settingUp: "Setting up",
  coding: "Coding",
  keeping: "Keeping the work",
  checking: "Checking",
  committing: "Committing",
  done: "Done",
  failed: "Failed",
};

export function jobPhase(phase: string | null): string {
  return phase === null ? "Queued" : (JOB_PHASES[phase] ?? phase);
}

export function subtaskPhase(phase: string | null): string {
  return phase === null ? "" : (SUBTASK_PHASES[phase] ?? phase);
}

const JOB_STATES: Readonly<Record<JobStateName, string>> = {
  running: "Running",
  waiting: "Waiting",
  paused: "Paused",
  interrupted: "Interrupted",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** The state of a job in one or two words: where it is while it runs, and why it stands if it does not. */
export function stateOfJob({ state, phase }: { readonly state: JobStateName; readonly phase: string | null }): string {
  if (state === "running" || (state === "waiting" && phase === "awaitingApproval")) return jobPhase(phase);
  return JOB_STATES[state];
}
