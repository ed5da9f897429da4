/**
 * The pure part: a machine, a snapshot and an event in; the next snapshot and its effects out, as plain data.
 *
 * XState's own `transition()` makes a whole actor for each call, with an initial state that nobody asked for, and cannot
 * be asked by a child that speaks to its parent. So the machine's pure methods are called here with a scope of our own,
 * which runs nothing and collects what is to be run.
 */

import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  createActor,
  type ExecutableActionObject,
  fromPromise,
  fromTransition,
} from "xstate";
import { toErrorData } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { type Effect, toEffect } from "./effect.ts";
import { type EncodedJson, encodeJson } from "./encode-json.ts";
import { nodesOf } from "./state-nodes.ts";

/** A snapshot as it is stored: without those of its children, which have rows of their own. */
export interface PersistedSnapshot {
  readonly status: "active" | "done" | "error" | "stopped";
  readonly value: Json;
  /**
   * Ids of the active states, in XState's order. Only of a machine with parallel states: which of two transitions of
   * their regions wins depends on the order in which they were entered, and `value` does not tell it.
   */
  readonly nodes?: readonly string[];
  readonly context: Json;
  readonly historyValue?: Json;
  readonly output?: Json;
  readonly error?: Json;
  /** Name of each child's logic, by the child's id. */
  readonly children: Readonly<Record<string, string>>;
}

export interface EncodedSnapshot {
  readonly persisted: PersistedSnapshot;
  readonly encoded: EncodedJson;
}

export interface Transition {
  readonly snapshot: AnyMachineSnapshot;
  readonly effects: readonly Effect[];
}

export interface MachineEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

type Scope = Parameters<AnyStateMachine["transition"]>[2];

/** Stands for every child: what it really is runs elsewhere, under the engine. */
const placeholder = fromPromise(() => new Promise<never>(() => {}));
/** As XState has it for a machine without history states. */
const NO_HISTORY: Json = {};
const bystander = fromTransition((state: null) => state, null);

export class Interpreter {
  readonly machine: AnyStateMachine;
  readonly #nodes: ReadonlyMap<string, AnyStateNode>;
  readonly #isParallel: boolean;
  readonly #hasHistory: boolean;

  constructor(machine: AnyStateMachine) {
    const names = Object.keys(machine.implementations.actors);
    this.machine = machine.provide({ actors: Object.fromEntries(names.map((name) => [name, placeholder])) });
    const nodes = nodesOf(this.machine.root);
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#isParallel = nodes.some(({ type }) => type === "parallel");
    this.#hasHistory = nodes.some(({ type }) => type === "history");
  }

  /** The first transition. A throw in the machine becomes a snapshot with status `error`. */
  start(input: Json): Transition {
    return collect((scope) => this.machine.getInitialSnapshot(scope, input as never));
  }

  /** The next transition. A throw in a guard or an action leaves the state as it was, with status `error`. */
  next(snapshot: AnyMachineSnapshot, event: MachineEvent): Transition {
    return collect((scope) => this.machine.transition(snapshot, event, scope), snapshot);
  }

  /** Whether the event would lead anywhere now. A guard that throws does lead somewhere: to the error. */
  accepts(snapshot: AnyMachineSnapshot, event: MachineEvent): boolean {
    try {
      return snapshot.can(event);
    } catch {
      return true;
    }
  }

  /** @throws TypeError if the machine put something into its context or output that JSON does not bring back */
  persist(snapshot: AnyMachineSnapshot): PersistedSnapshot {
    return this.encode(snapshot).persisted;
  }

  /** The same with its texts. */
  encode(snapshot: AnyMachineSnapshot): EncodedSnapshot {
    const persisted = this.#toPersisted(snapshot);
    return { persisted, encoded: encodeJson(persisted, "", false) };
  }

  #toPersisted(snapshot: AnyMachineSnapshot): PersistedSnapshot {
    const { context, output, error } = snapshot;
    const historyValue = this.#hasHistory ? this.#historyOf(snapshot) : NO_HISTORY;
    // In the order of the alphabet: the text that is stored is then the one that is hashed, and made once.
    return {
      children: childrenOf(snapshot),
      context: context as Json,
      ...(error !== undefined && { error: toErrorData(error) as unknown as Json }),
      ...(historyValue !== undefined && { historyValue }),
      ...(this.#isParallel && { nodes: snapshot._nodes.map(({ id }) => id) }),
      ...(output !== undefined && { output: output as Json }),
      status: snapshot.status,
      value: snapshot.value as Json,
    };
  }

  /** Takes what `persist` gave, fresh from JSON: XState may change the object. */
  restore(persisted: PersistedSnapshot): AnyMachineSnapshot {
    const children = Object.fromEntries(
      Object.entries(persisted.children).map(([id, src]) => [
        id,
        { snapshot: { status: "active" }, src, syncSnapshot: false },
      ]),
    );
    const full = { ...persisted, children } as unknown as Parameters<AnyStateMachine["restoreSnapshot"]>[0];
    const snapshot = this.machine.restoreSnapshot(full, createScope([])) as AnyMachineSnapshot;
    if (!persisted.nodes) return snapshot;
    const _nodes = persisted.nodes.map((id) => this.#node(id));
    const tags = new Set(_nodes.flatMap((node) => node.tags));
    // XState leaves out a history of no states, as it comes about where a transition leaves none active.
    const historyValue = { ...emptyHistory(persisted), ...snapshot.historyValue };
    return { ...snapshot, _nodes, value: persisted.value, tags, historyValue } as AnyMachineSnapshot;
  }

  #historyOf(snapshot: AnyMachineSnapshot): Json | undefined {
    const bare = { ...snapshot, context: {}, children: {} } as never;
    return (this.machine.getPersistedSnapshot(bare) as { readonly historyValue?: Json }).historyValue;
  }

  #node(id: string): AnyStateNode {
    const node = this.#nodes.get(id);
    if (!node) throw new Error(`the machine ${this.machine.id} has no state "${id}"`);
    return node;
  }
}

function emptyHistory({ historyValue = {} }: PersistedSnapshot): Record<string, never[]> {
  return Object.fromEntries(Object.keys(historyValue as object).map((id) => [id, []]));
}

function childrenOf(snapshot: AnyMachineSnapshot): Record<string, string> {
  const children: Record<string, AnyActorRef | undefined> = snapshot.children;
  return Object.fromEntries(
    Object.entries(children).flatMap(([id, child]) => (child ? [[id, String(child.src)]] : [])),
  );
}

/** @param before the snapshot that stays, as a failed one, if there is a throw on the way */
function collect(run: (scope: Scope) => unknown, before?: AnyMachineSnapshot): Transition {
  const actions: ExecutableActionObject[] = [];
  const scope = createScope(actions);
  let kept = before;
  try {
    const snapshot = run(scope) as AnyMachineSnapshot;
    kept ??= snapshot;
    // A machine that failed on the way wants nothing done of what it had asked for before.
    if (snapshot.status === "error") return { snapshot, effects: [] };
    const effects = actions.map((action) => toEffect(action, self, parent)).filter((effect) => effect !== null);
    return { snapshot, effects };
  } catch (error) {
    if (!kept) throw error;
    return { snapshot: { ...kept, status: "error", error } as AnyMachineSnapshot, effects: [] };
  }
}

/** Stand for the actor of a transition and its parent. They are never started and hold nothing, so all share them. */
const parent = createActor(bystander);
const self = createActor(bystander, { parent } as object);

function createScope(actions: ExecutableActionObject[]): Scope {
  return {
    self: self as unknown as Scope["self"],
    id: "",
    sessionId: "",
    system: self.system as Scope["system"],
    logger: () => {},
    // Only an assign() or a context factory that spawns comes here: what it started would never be an effect.
    defer: () => {
      throw new Error("an actor was started inside assign() or context: start it by invoke or spawnChild");
    },
    emit: () => {},
    stopChild: () => {},
    actionExecutor: (action) => {
      actions.push(action);
    },
  };
}
