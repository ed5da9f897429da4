/** Makes a machine tell which of its states it enters and which of its transitions it takes, and does nothing else to it. */

import { type AnyStateMachine, type AnyStateNode, emit } from "xstate";
import type { Effect } from "../../src/engine/effect.ts";

const MARK = "testing.mark";

type Transition = NonNullable<AnyStateNode["always"]>[number];

/**
 * Adds to each state and transition an `emit` of its name: the pure functions hand it back as an effect. The machine
 * itself is changed, so it must be one that nobody else uses. Returns every name.
 */
export function markMachine(machine: AnyStateMachine): readonly string[] {
  const names: string[] = [];
  const mark = (name: string) => {
    const copies = names.filter((one) => one === name || one.startsWith(`${name} #`)).length;
    names.push(copies === 0 ? name : `${name} #${copies + 1}`);
    return emit({ type: MARK, name: names.at(-1) });
  };
  for (const node of nodesOf(machine.root)) {
    Object.assign(node, { entry: [...node.entry, mark(node.id)] });
    for (const transition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])] as Transition[]) {
      Object.assign(transition, { actions: [...transition.actions, mark(nameOf(node, transition))] });
    }
  }
  return names;
}

/** Takes the marks out of a transition's effects. */
export function splitMarks(effects: readonly Effect[]): { readonly marks: string[]; readonly effects: Effect[] } {
  const markOf = (effect: Effect) => {
    const { type, name } = (effect.type === "emit" ? effect.event : {}) as { type?: string; name?: string };
    return type === MARK && name !== undefined ? [name] : [];
  };
  return { marks: effects.flatMap(markOf), effects: effects.filter((effect) => markOf(effect).length === 0) };
}

/** `coding-job.merging: xstate.done.actor.integration [isMerged] -> coding-job.verifying` */
function nameOf(source: AnyStateNode, { eventType, guard, target }: Transition): string {
  const condition = guard === undefined ? "" : ` [${typeof guard === "string" ? guard : guardType(guard)}]`;
  const aim = target?.map(({ id }) => id).join(", ") ?? "(stays)";
  return `${source.id}: ${eventType || "always"}${condition} -> ${aim}`;
}

function guardType(guard: unknown): string {
  return (guard as { readonly type?: string }).type ?? "a guard without a name";
}

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  const children = Object.values(node.states).filter(({ type }) => type !== "history");
  return [node, ...children.flatMap(nodesOf)];
}
