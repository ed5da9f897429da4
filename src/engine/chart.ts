/** A workflow's machine as a plain statechart, for those who draw it. Pure. */

import type { AnyStateNode, AnyTransitionDefinition } from "xstate";
import type { Chart, ChartState, ChartTransition } from "../core/protocol/machine.ts";
import type { RegisteredWorkflow } from "./registry.ts";
import { nodesOf } from "./state-nodes.ts";

/** @param isWorkflow whether a name that a state invokes is a workflow: a child machine that can be opened */
export function chartOf(workflow: RegisteredWorkflow, isWorkflow: (src: string) => boolean): Chart {
  const { machine } = workflow.interpreter;
  const nodes = nodesOf(machine.root);
  const invoked = new Set(nodes.flatMap((node) => node.invoke.map(({ src }) => String(src))));
  const spawned = Object.keys(machine.implementations.actors).filter((src) => isWorkflow(src) && !invoked.has(src));
  return {
    name: workflow.name,
    version: workflow.version,
    definitionHash: workflow.definitionHash,
    root: machine.root.id,
    states: nodes.map((node) => toState(node, isWorkflow, spawned)),
    transitions: nodes.flatMap(transitionsOf),
  };
}

function toState(node: AnyStateNode, isWorkflow: (src: string) => boolean, spawned: readonly string[]): ChartState {
  const description: unknown = node.description;
  // What an action starts is not in the definition: but the state that hears of any child's end is the one that has them.
  const hearsOfChildren = [...node.transitions.keys()].some((type) => type === "xstate.done.actor.*");
  return {
    id: node.id,
    key: node.key,
    path: [...node.path],
    parent: node.parent?.id ?? null,
    children: Object.values(node.states).map(({ id }) => id),
    type: node.type,
    history: node.type === "history" ? (node.history === "deep" ? "deep" : "shallow") : null,
    initial: node.type === "compound" ? (node.initial.target?.[0]?.id ?? null) : null,
    tags: [...node.tags],
    description: typeof description === "string" ? description : null,
    invokes: node.invoke.map(({ id, src }) => {
      const name = String(src);
      return { id, src: name, workflow: isWorkflow(name) ? name : null };
    }),
    spawns: hearsOfChildren ? [...spawned] : [],
    entry: node.entry.map(nameOf),
    exit: node.exit.map(nameOf),
  };
}

function transitionsOf(node: AnyStateNode): ChartTransition[] {
  const all: AnyTransitionDefinition[] = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  return all.map((transition, index) => toTransition(node, transition, index));
}

function toTransition(node: AnyStateNode, transition: AnyTransitionDefinition, index: number): ChartTransition {
  const { eventType, guard, actions, reenter, target } = transition;
  const delay = (transition as { readonly delay?: unknown }).delay;
  return {
    id: `${node.id}#${index}`,
    source: node.id,
    targets: target?.map(({ id }) => id) ?? [],
    ...kindOf(String(eventType)),
    event: String(eventType),
    delay: delay === undefined ? delayOf(String(eventType)) : String(delay),
    guard: guard === undefined ? null : guardName(guard),
    actions: actions.map(nameOf),
    isReentering: reenter === true,
  };
}

function kindOf(event: string): Pick<ChartTransition, "kind" | "service"> {
  if (event === "") return { kind: "always", service: null };
  if (event.startsWith("xstate.after.")) return { kind: "after", service: null };
  const ended = /^xstate\.(done|error)\.(?:actor|state)\.([\s\S]+)$/.exec(event);
  if (ended) return { kind: ended[1] as "done" | "error", service: ended[2] as string };
  return { kind: "event", service: null };
}

/** `xstate.after.1000.machine.state` */
function delayOf(event: string): string | null {
  return /^xstate\.after\.([^.]+)\./.exec(event)?.[1] ?? null;
}

function nameOf(action: unknown): string {
  if (typeof action === "string") return action;
  if (typeof action === "function") return String((action as { readonly type?: string }).type ?? action.name);
  return String((action as { readonly type: unknown }).type);
}

/** `not` and `and` hold other guards. */
function guardName(guard: unknown): string {
  if (typeof guard === "string") return guard;
  const { type, check, guards } = guard as { type?: string; check?: { name?: string }; guards?: readonly unknown[] };
  if (guards) return `${check?.name ?? "all"}(${guards.map(guardName).join(", ")})`;
  return type ?? "guard";
}
