/** Refuses, when a workflow is registered, what the engine could not run durably, and says why. */

import type { AnyStateMachine, AnyStateNode } from "xstate";
import { OrchError } from "../core/errors.ts";
import { ACTIVITY_DECLARATION, type Workflow } from "./workflow.ts";

/** @throws OrchError `workflow-refused` with every reason */
export function refuseUndurable(workflow: Workflow, isKnown: (src: string) => boolean): void {
  const { machine } = workflow;
  const reasons = [
    ...nameReasons(workflow),
    ...actorReasons(machine, isKnown),
    ...actionReasons(machine),
    ...nodesOf(machine.root).flatMap((node) => nodeReasons(node, isKnown)),
  ];
  if (reasons.length === 0) return;
  throw new OrchError(`the workflow "${workflow.name}" cannot run durably: ${reasons.join("; ")}`, {
    code: "workflow-refused",
    hint: "let activities, registered by name, do what touches the world, and keep the machine pure",
    details: { reasons },
  });
}

function nameReasons({ name, version }: Workflow): string[] {
  return [
    ...(/^[a-z0-9-]+$/.test(name) ? [] : [`its name must be lower-case letters, digits and hyphens`]),
    ...(Number.isInteger(version) && version > 0 ? [] : [`its version must be a whole number from 1, not ${version}`]),
  ];
}

function actorReasons(machine: AnyStateMachine, isKnown: (src: string) => boolean): string[] {
  return Object.entries(machine.implementations.actors).flatMap(([name, logic]) => {
    if (!isKnown(name)) return [`nothing is registered under the actor name "${name}"`];
    if (isMachine(logic) || (logic !== null && typeof logic === "object" && ACTIVITY_DECLARATION in logic)) return [];
    return [
      `the actor "${name}" has logic of its own (a promise, callback or observable), which would be lost in a crash: declare it and register an activity`,
    ];
  });
}

function actionReasons(machine: AnyStateMachine): string[] {
  return Object.entries(machine.implementations.actions).flatMap(([name, action]) =>
    isBuiltIn(action) ? [] : [`the action "${name}" runs code of its own, which a crash could lose or repeat`],
  );
}

function nodeReasons(node: AnyStateNode, isKnown: (src: string) => boolean): string[] {
  const where = `state "${node.id}"`;
  const transitions = [...node.transitions.values()].flat();
  const actions = [
    ...node.entry,
    ...node.exit,
    ...transitions.flatMap((transition) => transition.actions),
    ...(node.always ?? []).flatMap((transition) => transition.actions),
  ];
  return [
    ...node.invoke.flatMap(({ src }) => {
      if (typeof src !== "string" || src.startsWith("xstate.invoke.")) return [`${where} invokes inline logic`];
      return isKnown(src) ? [] : [`${where} invokes "${src}", which is not registered`];
    }),
    ...actions.flatMap((action) => {
      if (typeof action === "function") return isBuiltIn(action) ? [] : [`${where} has an inline action`];
      const type = typeof action === "string" ? action : (action as { readonly type: string }).type;
      return type in node.machine.implementations.actions ? [] : [`${where} names the unknown action "${type}"`];
    }),
  ];
}

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}

/** XState's own actions (assign, raise, spawnChild …) are functions that carry how they are resolved, without effects. */
function isBuiltIn(action: unknown): boolean {
  return typeof action === "function" && "resolve" in action;
}

function isMachine(logic: unknown): boolean {
  return typeof logic === "object" && logic !== null && "root" in logic && "implementations" in logic;
}
