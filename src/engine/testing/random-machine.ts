/** Machines and what happens to them, by chance: for properties that must hold of every machine. */

import fc from "fast-check";
import {
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  cancel,
  createMachine,
  enqueueActions,
  not,
  raise,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from "xstate";

/** States are meant by any number: it is taken modulo the number of states that there are. */
type Guard =
  | { readonly type: "every"; readonly of: number; readonly not: boolean }
  | { readonly type: "in"; readonly state: number; readonly not: boolean }
  | { readonly type: "throws"; readonly from: number };

type Action =
  | { readonly type: "note" | "sendSelf" }
  | { readonly type: "add"; readonly n: number }
  | { readonly type: "raise"; readonly event: string }
  | { readonly type: "later"; readonly event: string; readonly delay: number; readonly named: boolean }
  | { readonly type: "cancel"; readonly event: string }
  | { readonly type: "spawn" | "stop"; readonly child: number }
  | { readonly type: "throws"; readonly from: number };

interface Transition {
  readonly target: number | null;
  readonly reenter: boolean;
  readonly guard: Guard | null;
  readonly actions: readonly Action[];
}

interface Node {
  readonly kind: "atomic" | "compound" | "parallel";
  readonly children: readonly Node[];
  readonly history: "none" | "shallow" | "deep";
  /** Whether a compound state has a final state, too. */
  readonly ends: boolean;
  readonly on: Readonly<Record<string, readonly Transition[]>>;
  readonly always: readonly Transition[];
  readonly after: readonly { readonly delay: number; readonly transition: Transition }[];
  readonly entry: readonly Action[];
  readonly exit: readonly Action[];
  readonly invokes: readonly { readonly done: Transition | null; readonly error: Transition | null }[];
  readonly onDone: Transition | null;
}

export type Happening =
  | { readonly type: "send"; readonly event: string }
  | { readonly type: "wait"; readonly ms: number }
  /** Of the children that run, in the order of their ids, the one with this number modulo their number. */
  | { readonly type: "finish" | "fail"; readonly child: number };

const events = ["A", "B", "C"];
const event = fc.constantFrom(...events);
const small = fc.nat({ max: 9 });

const guard: fc.Arbitrary<Guard> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant("every"), of: fc.integer({ min: 2, max: 4 }), not: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("in"), state: fc.nat({ max: 30 }), not: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("throws"), from: fc.integer({ min: 3, max: 20 }) }) },
) as fc.Arbitrary<Guard>;

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ type: "note" }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("add"), n: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("raise"), event }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("later"),
      event,
      delay: fc.integer({ min: 1, max: 5 }),
      named: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("cancel"), event }) },
  { weight: 1, arbitrary: fc.constant({ type: "sendSelf" }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("spawn", "stop"), child: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("throws"), from: fc.integer({ min: 5, max: 25 }) }) },
) as fc.Arbitrary<Action>;

const some = <T>(of: fc.Arbitrary<T>, maxLength: number) => fc.array(of, { maxLength, size: "max" });

const transition: fc.Arbitrary<Transition> = fc.record({
  target: fc.option(fc.nat({ max: 30 }), { freq: 4 }),
  reenter: fc.boolean(),
  guard: fc.option(guard, { freq: 1 }),
  actions: some(action, 2),
});
const guarded = fc.record({
  target: fc.option(fc.nat({ max: 30 })),
  reenter: fc.boolean(),
  guard,
  actions: some(action, 2),
});

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    kind: fc.oneof({ depthSize: "small" }, fc.constant("atomic"), fc.constantFrom("compound", "parallel")),
    children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("node"), { minLength: 1, maxLength: 3 })),
    history: fc.constantFrom("none", "shallow", "deep"),
    ends: fc.boolean(),
    on: fc.dictionary(event, some(transition, 2), { maxKeys: 3 }),
    always: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some(guarded, 2) }),
    after: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: some(fc.record({ delay: fc.integer({ min: 1, max: 6 }), transition }), 2) },
    ),
    entry: some(action, 2),
    exit: some(action, 1),
    invokes: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: some(
          fc.record({ done: fc.option(transition, { freq: 3 }), error: fc.option(transition, { freq: 3 }) }),
          2,
        ),
      },
    ),
    onDone: fc.option(transition),
  }) as fc.Arbitrary<Node>,
}));

/** The root: it has states, and leaves it to them what happens. */
export const randomMachine: fc.Arbitrary<Node> = fc.record({
  kind: fc.constantFrom("compound", "compound", "parallel"),
  children: fc.array(node, { minLength: 2, maxLength: 4 }),
  history: fc.constantFrom("none", "shallow", "deep"),
  ends: fc.boolean(),
  on: fc.dictionary(event, some(transition, 2), { maxKeys: 2 }),
  always: fc.constant([]),
  after: fc.constant([]),
  entry: some(action, 1),
  exit: some(action, 1),
  invokes: fc.constant([]),
  onDone: fc.constant(null),
}) as fc.Arbitrary<Node>;

export const randomHappenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant("send"), event }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("wait"), ms: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constantFrom("finish", "finish", "fail"), child: small }) },
  ),
  { minLength: 1, maxLength: 25, size: "max" },
) as fc.Arbitrary<readonly Happening[]>;

export interface RandomContext {
  readonly n: number;
  readonly log: readonly string[];
}

/** The machine, whose children are called `child` and have no logic yet. */
export function toMachine(root: Node): AnyStateMachine {
  const builder = new Builder(root);
  return createMachine({
    ...builder.config(root),
    context: { n: 0, log: [] },
    output: ({ context }: { context: RandomContext }) => context,
    // A machine that goes round for ever is an error, and not the test's end.
    options: { maxIterations: 40 },
  } as never) as unknown as AnyStateMachine;
}

type Args = { readonly context: RandomContext; readonly event: { readonly type: string; readonly output?: unknown } };

class Builder {
  readonly #ids: string[] = [];
  #next = 0;
  #label = 0;

  constructor(root: Node) {
    this.#collect(root);
  }

  /** Ids in the order in which `config` gives them out. The root cannot be a target. */
  #collect(node: Node): void {
    this.#ids.push(`s${this.#ids.length}`);
    for (const child of childrenOf(node)) this.#collect(child);
    for (const _ of extrasOf(node)) this.#ids.push(`s${this.#ids.length}`);
  }

  config(node: Node): Record<string, unknown> {
    const id = `s${this.#next++}`;
    const children = childrenOf(node);
    const states: Record<string, unknown> = {};
    for (const child of children) states[`k${this.#next}`] = this.config(child);
    for (const extra of extrasOf(node)) {
      states[`k${this.#next}`] = { id: `s${this.#next++}`, ...extra };
    }
    return {
      id,
      ...(children.length > 0 && { states }),
      ...(children.length > 0 &&
        (node.kind === "parallel" ? { type: "parallel" } : { initial: Object.keys(states)[0] })),
      on: Object.fromEntries(
        Object.entries(node.on).map(([type, list]) => [type, list.map((one) => this.#transition(one))]),
      ),
      always: node.always.map((one) => this.#transition(one)),
      after: Object.fromEntries(node.after.map(({ delay, transition }) => [delay, this.#transition(transition)])),
      entry: this.#actions(node.entry, `enter ${id}`),
      exit: this.#actions(node.exit, `leave ${id}`),
      invoke: node.invokes.map(({ done, error }, index) => ({
        src: "child",
        id: `i${id}-${index}`,
        input: ({ context }: Args) => context.n,
        ...(done && { onDone: this.#transition(done) }),
        ...(error && { onError: this.#transition(error) }),
      })),
      ...(node.onDone && children.length > 0 && { onDone: this.#transition(node.onDone) }),
    };
  }

  #transition({ target, reenter, guard, actions }: Transition): Record<string, unknown> {
    return {
      ...(target !== null && { target: `#s${1 + (target % (this.#ids.length - 1))}` }),
      reenter,
      ...(guard && { guard: this.#guard(guard) }),
      actions: this.#actions(actions, `go ${this.#label++}`),
    };
  }

  #guard(guard: Guard): unknown {
    switch (guard.type) {
      case "every":
        return ({ context }: Args) => (context.n % guard.of === 0) !== guard.not;
      case "in": {
        const check = stateIn(`#s${guard.state % this.#ids.length}`);
        return guard.not ? not(check as never) : check;
      }
      case "throws":
        return ({ context }: Args) => {
          if (context.n >= guard.from) throw new Error("a guard that throws");
          return true;
        };
    }
  }

  #actions(actions: readonly Action[], label: string): unknown[] {
    return actions.flatMap((action) => this.#action(action, label));
  }

  #action(action: Action, label: string): unknown[] {
    switch (action.type) {
      case "note":
        return [
          assign(({ context, event }: Args) => ({
            log: [...context.log, `${label} at ${event.type} ${JSON.stringify(event.output ?? null)}`].slice(-30),
          })),
        ];
      case "add":
        return [assign(({ context }: Args) => ({ n: context.n + action.n }))];
      case "raise":
        return [raise({ type: action.event })];
      case "later":
        return [
          bounded((enqueue) => {
            // A name is cancelled before it is used again: live actors let both timers fire, the engine only the second.
            if (action.named) enqueue(cancel(action.event));
            const id = action.named ? { id: action.event } : {};
            enqueue(raise({ type: action.event }, { delay: action.delay, ...id }));
          }),
        ];
      case "cancel":
        return [cancel(action.event)];
      case "sendSelf":
        return [bounded((enqueue, self) => enqueue(sendTo(self, { type: "A" })))];
      case "spawn": {
        const id = `c${action.child}`;
        return [stopChild(id), spawnChild("child" as never, { id, input: ({ context }: Args) => context.n } as never)];
      }
      case "stop":
        return [stopChild(`c${action.child}`)];
      case "throws":
        return [
          assign(({ context }: Args) => {
            if (context.n >= action.from) throw new Error("an action that throws");
            return { n: context.n + 1 };
          }),
        ];
    }
  }
}

/** For what may beget itself: it is done only while `n` is small, and makes `n` greater. */
function bounded(make: (enqueue: (action: unknown) => void, self: AnyActorRef) => void): unknown {
  return enqueueActions(({ context, enqueue, self }) => {
    const { n } = context as RandomContext;
    if (n >= 30) return;
    enqueue(assign({ n: n + 1 }) as never);
    make((action) => enqueue(action as never), self as AnyActorRef);
  });
}

function childrenOf(node: Node): readonly Node[] {
  return node.kind === "atomic" ? [] : node.children;
}

/** A final and a history state beside the children. */
function extrasOf(node: Node): readonly Record<string, unknown>[] {
  if (childrenOf(node).length === 0) return [];
  return [
    ...(node.ends && node.kind === "compound" ? [{ type: "final", output: ({ context }: Args) => context.n }] : []),
    ...(node.history === "none" ? [] : [{ type: "history", history: node.history }]),
  ];
}
