/** The workflows of a coding job, and a registry that knows them and runs nothing: for replay and fork, without Codex or a key. */

import { codingJob } from "../workflows/coding-job.ts";
import { integration } from "../workflows/integration.ts";
import { subtask } from "../workflows/subtask.ts";
import type { CodingActivities } from "./core/coding.ts";
import { Registry } from "./engine/registry.ts";
import type { Workflow } from "./engine/workflow.ts";

/** Each version that this orch can go on with. A released one stays, beside those that came after it. */
export const codingWorkflows: readonly Workflow[] = [codingJob, subtask, integration];

/** The compiler holds the list complete. */
export const activityNames: Readonly<Record<keyof CodingActivities, true>> = {
  prepareJob: true,
  planTask: true,
  prepareWorktree: true,
  integrate: true,
  concludeConflict: true,
  runCommands: true,
  runCodexTurn: true,
  checkWork: true,
  commitWork: true,
  describeResult: true,
  pushResult: true,
};

/** Knows every name that a history can hold; its activities are names only. */
export function codingRegistry(): Registry {
  const declared = Object.keys(activityNames).map((name) => [name, { run: nothing }] as const);
  return new Registry(codingWorkflows, Object.fromEntries(declared));
}

const nothing = () => Promise.reject(new Error("this registry runs nothing"));
