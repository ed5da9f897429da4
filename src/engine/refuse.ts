/** Refuses, when a workflow is registered, what the engine could not run durably, and says why. */

import type { AnyStateMachine, AnyStateNode } from "xstate";
import { OrchError } from "../core/errors.ts";
import { nodesOf } from "./state-nodes.ts";
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
    isBuiltIn(action)
      ? builtInReasons(`the action "${name}"`, action)
      : [`the action "${name}" runs code of its own, which a crash could lose or repeat`],
  );
}

function nodeReasons(node: AnyStateNode, isKnown: (src: string) => boolean): string[] {
  const where = `state "${node.id}"`;
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  const actions = [
    ...node.entry,
    ...node.exit,
    ...node.initial.actions,
    ...transitions.flatMap((transition) => transition.actions),
  ];
  return [
    ...node.invoke.flatMap((invoke) => invokeReasons(where, invoke, node.machine, isKnown)),
    ...actions.flatMap((action) => {
      if (typeof action === "function") {
        return isBuiltIn(action) ? builtInReasons(where, action) : [`${where} has an inline action`];
      }
      const type = typeof action === "string" ? action : (action as { readonly type: string }).type;
      return type in node.machine.implementations.actions ? [] : [`${where} names the unknown action "${type}"`];
    }),
    ...transitions.flatMap(({ guard }) =>
      unknownGuards(guard, node.machine).map((name) => `${where} names the unknown guard "${name}"`),
    ),
    ...node.after.flatMap(({ delay }) =>
      typeof delay === "string" && !(delay in node.machine.implementations.delays)
        ? [`${where} names the unknown delay "${delay}"`]
        : [],
    ),
  ];
}

function invokeReasons(
  where: string,
  { src, onSnapshot, systemId }: AnyStateNode["invoke"][number],
  machine: AnyStateMachine,
  isKnown: (src: string) => boolean,
): string[] {
  if (typeof src !== "string" || src.startsWith("xstate.invoke.")) return [`${where} invokes inline logic`];
  if (!(src in machine.implementations.actors)) return [`${where} invokes "${src}", which setup() does not declare`];
  return [
    ...(isKnown(src) ? [] : [`${where} invokes "${src}", which is not registered`]),
    ...(onSnapshot ? [`${where} waits for snapshots of "${src}": only its end is told`] : []),
    ...(systemId === undefined ? [] : [`${where} gives "${src}" a systemId: actors are known by their ids only`]),
  ];
}

/** What of XState's own actions cannot outlive the process. */
function builtInReasons(where: string, action: BuiltIn): string[] {
  if (action.type === "xstate.spawnChild") {
    if (typeof action.src !== "string") return [`${where} starts inline logic`];
    if (action.id === undefined) return [`${where} starts "${action.src}" without an id`];
    if (action.systemId !== undefined) {
      return [`${where} gives "${action.src}" a systemId: actors are known by their ids only`];
    }
  }
  if (action.type === "xstate.sendTo" && action.delay !== undefined) {
    return [`${where} sends with a delay: let the receiving machine raise with a delay`];
  }
  return [];
}

/** Names in a guard, and in those that not(), and() and or() hold. */
function unknownGuards(guard: unknown, machine: AnyStateMachine): string[] {
  if (guard === undefined) return [];
  if (typeof guard === "function") {
    const { guards = [] } = guard as { readonly guards?: readonly unknown[] };
    return guards.flatMap((inner) => unknownGuards(inner, machine));
  }
  const name = typeof guard === "string" ? guard : (guard as { readonly type: string }).type;
  return name in machine.implementations.guards ? [] : [name];
}

/** A state and all below it. */
/** XState's own actions (assign, raise, spawnChild …) are functions that carry how they are resolved, without effects. */
function isBuiltIn(action: unknown): action is BuiltIn {
  return typeof action === "function" && "resolve" in action;
}

interface BuiltIn {
  readonly type: string;
  readonly src?: unknown;
  readonly id?: unknown;
  readonly systemId?: unknown;
  readonly delay?: unknown;
}

function isMachine(logic: unknown): boolean {
  return typeof logic === "object" && logic !== null && "root" in logic && "implementations" in logic;
}
