/** Refuses, when a workflow is registered, what the engine could not run durably, and says why. */

import type { AnyStateMachine, AnyStateNode } from "xstate";
import { OrchError } from "../core/errors.ts";
import { impurity } from "./impurity.ts";
import { nodesOf } from "./state-nodes.ts";
import { ACTIVITY_DECLARATION, type Workflow } from "./workflow.ts";

/** What cannot be, with its place; and what to write instead. */
type Reason = readonly [what: string, instead: string];

const INSTEAD = {
  name: "give it another name",
  version: "begin with 1, and count up",
  register: "register an activity or a workflow of that name",
  declare: "declare it by activity() or childWorkflow() in setup({ actors }), and register what it does",
  byName: "declare it by activity() or childWorkflow() in setup({ actors }), and name it by its key there",
  action: "use assign(), raise(), sendTo() or spawnChild(); what touches the world is an activity that a state invokes",
  inSetup: "name it in setup({ actions, guards, delays })",
  end: "wait for onDone and onError, or have the child send events to its parent",
  ids: "leave the systemId out, and send to the actor by its id",
  childId: "give spawnChild() an id",
  delay: "let the machine that receives it raise() with a delay",
  pure: "let it look at the context and the event only; have an activity ask, and keep its answer by assign()",
} as const;

/** @throws OrchError `workflow-refused` with every reason; `details.instead` has for each what to write instead */
export function refuseUndurable(workflow: Workflow, isKnown: (src: string) => boolean): void {
  const { machine } = workflow;
  const found: Reason[] = [
    ...nameReasons(workflow),
    ...actorReasons(machine, isKnown),
    ...actionReasons(machine),
    ...pureReasons(machine),
    ...nodesOf(machine.root).flatMap((node) => nodeReasons(node, isKnown)),
  ];
  if (found.length === 0) return;
  const reasons = found.map(([what]) => what);
  throw new OrchError(`the workflow "${workflow.name}" cannot run durably: ${reasons.join("; ")}`, {
    code: "workflow-refused",
    hint: [...new Set(found.map(([, instead]) => instead))].join("; "),
    details: { reasons, instead: found.map(([, instead]) => instead) },
  });
}

function nameReasons({ name, version }: Workflow): Reason[] {
  const isVersion = Number.isInteger(version) && version > 0;
  return [
    ...reasonIf(!/^[a-z0-9-]+$/.test(name), "its name must be lower-case letters, digits and hyphens", INSTEAD.name),
    ...reasonIf(!isVersion, `its version must be a whole number from 1, not ${version}`, INSTEAD.version),
  ];
}

function actorReasons(machine: AnyStateMachine, isKnown: (src: string) => boolean): Reason[] {
  return Object.entries(machine.implementations.actors).flatMap(([name, logic]): Reason[] => {
    if (!isKnown(name)) return [[`nothing is registered under the actor name "${name}"`, INSTEAD.register]];
    if (isMachine(logic) || (logic !== null && typeof logic === "object" && ACTIVITY_DECLARATION in logic)) return [];
    return [
      [
        `the actor "${name}" has logic of its own (a promise, callback or observable), which would be lost in a crash`,
        INSTEAD.declare,
      ],
    ];
  });
}

function actionReasons(machine: AnyStateMachine): Reason[] {
  return Object.entries(machine.implementations.actions).flatMap(([name, action]): Reason[] =>
    isBuiltIn(action)
      ? builtInReasons(`the action "${name}"`, action)
      : [[`the action "${name}" runs code of its own, which a crash could lose or repeat`, INSTEAD.action]],
  );
}

function pureReasons({ implementations: { guards, delays } }: AnyStateMachine): Reason[] {
  return [
    ...Object.entries(guards).flatMap(([name, guard]) => impure(`the guard "${name}"`, guard)),
    ...Object.entries(delays).flatMap(([name, delay]) => impure(`the delay "${name}"`, delay)),
  ];
}

function nodeReasons(node: AnyStateNode, isKnown: (src: string) => boolean): Reason[] {
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
    ...actions.flatMap((action): Reason[] => {
      if (typeof action === "function") {
        return isBuiltIn(action) ? builtInReasons(where, action) : [[`${where} has an inline action`, INSTEAD.action]];
      }
      const type = typeof action === "string" ? action : (action as { readonly type: string }).type;
      const isThere = type in node.machine.implementations.actions;
      return reasonIf(!isThere, `${where} names the unknown action "${type}"`, INSTEAD.inSetup);
    }),
    ...transitions.flatMap(({ guard }) => guardReasons(where, guard, node.machine)),
    ...node.after.flatMap(({ delay }) => {
      const isUnknown = typeof delay === "string" && !(delay in node.machine.implementations.delays);
      return reasonIf(isUnknown, `${where} names the unknown delay "${String(delay)}"`, INSTEAD.inSetup);
    }),
  ];
}

function invokeReasons(
  where: string,
  { src, input, onSnapshot, systemId }: AnyStateNode["invoke"][number],
  machine: AnyStateMachine,
  isKnown: (src: string) => boolean,
): Reason[] {
  if (typeof src !== "string" || src.startsWith("xstate.invoke.")) {
    return [[`${where} invokes inline logic`, INSTEAD.byName]];
  }
  if (!(src in machine.implementations.actors)) {
    return [[`${where} invokes "${src}", which setup() does not declare`, INSTEAD.declare]];
  }
  const hasSystemId = systemId !== undefined;
  return [
    ...reasonIf(!isKnown(src), `${where} invokes "${src}", which is not registered`, INSTEAD.register),
    ...reasonIf(Boolean(onSnapshot), `${where} waits for snapshots of "${src}": only its end is told`, INSTEAD.end),
    ...reasonIf(hasSystemId, `${where} gives "${src}" a systemId: actors are known by their ids only`, INSTEAD.ids),
    ...impure(`${where}: the input of "${src}"`, input),
  ];
}

/** What of XState's own actions cannot outlive the process. */
function builtInReasons(where: string, action: BuiltIn): Reason[] {
  if (action.type === "xstate.spawnChild") {
    if (typeof action.src !== "string") return [[`${where} starts inline logic`, INSTEAD.byName]];
    if (action.id === undefined) return [[`${where} starts "${action.src}" without an id`, INSTEAD.childId]];
    if (action.systemId !== undefined) {
      return [[`${where} gives "${action.src}" a systemId: actors are known by their ids only`, INSTEAD.ids]];
    }
  }
  if (action.type === "xstate.sendTo" && action.delay !== undefined) {
    return [[`${where} sends with a delay`, INSTEAD.delay]];
  }
  if (action.type !== "xstate.assign") return [];
  const { assignment } = action;
  const parts = typeof assignment === "object" && assignment !== null ? Object.values(assignment) : [assignment];
  return parts.flatMap((part) => impure(`${where}: an assign()`, part)).slice(0, 1);
}

/** What a guard names, and those that not(), and() and or() hold; and what an inline one asks for. */
function guardReasons(where: string, guard: unknown, machine: AnyStateMachine): Reason[] {
  if (guard === undefined) return [];
  if (typeof guard === "function") {
    const { guards } = guard as { readonly guards?: readonly unknown[] };
    return guards
      ? guards.flatMap((inner) => guardReasons(where, inner, machine))
      : impure(`${where}: an inline guard`, guard);
  }
  const name = typeof guard === "string" ? guard : (guard as { readonly type: string }).type;
  const isThere = name in machine.implementations.guards;
  return reasonIf(!isThere, `${where} names the unknown guard "${name}"`, INSTEAD.inSetup);
}

function impure(where: string, value: unknown): Reason[] {
  const what = impurity(value);
  return what === null ? [] : [[`${where} ${what}`, INSTEAD.pure]];
}

function reasonIf(holds: boolean, what: string, instead: string): Reason[] {
  return holds ? [[what, instead]] : [];
}

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
  readonly assignment?: unknown;
}

function isMachine(logic: unknown): boolean {
  return typeof logic === "object" && logic !== null && "root" in logic && "implementations" in logic;
}
