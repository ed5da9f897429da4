/** A workflow of one's own among orch's: what an engine is made with, and what of orch's it uses. */

import { activityNames, codingWorkflows } from "../coding-workflows.ts";
import { OrchError, UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { gather } from "../engine/define-workflow.ts";
import { Registry } from "../engine/registry.ts";
import type { ActivityDefinition, Workflow } from "../engine/workflow.ts";
import type { OwnWorkflow } from "./load-workflow.ts";

/** What of a machine that its jobs need: a model's key, the Codex CLI, its sandbox. */
export interface Needs {
  readonly model: boolean;
  readonly codex: boolean;
}

const ASK_A_MODEL = ["planTask", "runCodexTurn"];
const RUN_IN_SANDBOX = [...ASK_A_MODEL, "runCommands"];

export function needsOf(own: OwnWorkflow | undefined): Needs {
  if (!own) return { model: true, codex: true };
  const { workflows } = gather([own.definition]);
  const names = new Set(workflows.flatMap(({ machine }) => Object.keys(machine.implementations.actors)));
  const isAll = codingWorkflows.some(({ name }) => names.has(name));
  const uses = (activities: readonly string[]) => isAll || activities.some((name) => names.has(name));
  return { model: uses(ASK_A_MODEL), codex: uses(RUN_IN_SANDBOX) };
}

/** @param provided orch's activities */
export function withOwn(
  own: OwnWorkflow | undefined,
  provided: Readonly<Record<string, ActivityDefinition>>,
): { readonly workflows: readonly Workflow[]; readonly activities: Readonly<Record<string, ActivityDefinition>> } {
  if (!own) return { workflows: codingWorkflows, activities: provided };
  const { workflows, activities } = gather([own.definition]);
  return { workflows: [...codingWorkflows, ...workflows], activities: { ...activities, ...provided } };
}

/** Knows orch's workflows and that one; its activities are names only. */
export function registryWith(own?: OwnWorkflow): Registry {
  const nothing = { run: () => Promise.reject(new Error("this registry runs nothing")) };
  const names = Object.keys(activityNames).map((name) => [name, nothing] as const);
  const { workflows, activities } = withOwn(own, Object.fromEntries(names));
  return new Registry(workflows, activities);
}

/**
 * Everything for which a workflow can't run durably, or not here, is said before a job is made.
 *
 * @throws UsageError `workflow-refused`, `name-taken`
 */
export function refuseUnfit(own: OwnWorkflow): void {
  const file = printable(own.path, 500);
  const { workflows, activities } = gather([own.definition]);
  const workflow = workflows.find(({ name }) => codingWorkflows.some((of) => of.name === name));
  const activity = Object.keys(activities).find((name) => Object.hasOwn(activityNames, name));
  const taken = workflow?.name ?? activity;
  if (taken !== undefined) {
    throw new UsageError(`${file}: "${taken}" is the name of ${workflow ? "a workflow" : "an activity"} of orch`, {
      code: "name-taken",
      hint: "choose another name",
    });
  }
  try {
    registryWith(own);
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    const { message, code, hint, details } = error;
    throw new UsageError(`${file}: ${message}`, {
      code,
      cause: error,
      ...(hint !== undefined && { hint }),
      ...(details && { details }),
    });
  }
}
