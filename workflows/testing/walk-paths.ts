/**
 * Walks every path of a workflow, breadth first, through the engine's pure interpreter and through JSON at each step:
 * from each place it can be at, whatever its activities may answer and a person may say.
 */

import type { AnyStateMachine } from "xstate";
import type { ErrorData } from "../../src/core/errors.ts";
import { canonicalJson, type Json } from "../../src/core/json.ts";
import { Interpreter, type MachineEvent, type Transition } from "../../src/engine/interpreter.ts";
import { markMachine, splitMarks } from "./mark-machine.ts";
import { type Place, placeOf, restore, runningAfter, type Started } from "./place.ts";

export type Answer = { readonly output: unknown } | { readonly error: ErrorData };

export interface Scenario<Context> {
  readonly input: object;
  /** What each activity or child workflow may answer, each answer under a name. By the name that it is invoked by. */
  readonly answers: Readonly<Record<string, ((input: never) => Readonly<Record<string, Answer>>) | undefined>>;
  /** What a person may say, each under a name. It is said wherever the machine takes it. */
  readonly signals?: Readonly<Record<string, MachineEvent>>;
  /** What of the context tells two places apart. Default: everything. */
  readonly relevant?: (context: Context) => unknown;
  /** How many places there may be before the walk is given up. */
  readonly mostPlaces?: number;
}

export interface Move<Context> {
  readonly from: Place<Context> | null;
  /** `verify: passes` for an answer, `job.retry` for a signal. */
  readonly name: string;
  readonly by: "start" | "answer" | "person";
  readonly to: Place<Context>;
  readonly started: readonly Started[];
  readonly stopped: readonly string[];
}

export interface Walk<Context> {
  readonly places: readonly Place<Context>[];
  readonly moves: readonly Move<Context>[];
  /** Names of all states and transitions of the machine. */
  readonly parts: readonly string[];
  /** The shortest path on which each of them was seen. */
  readonly seen: ReadonlyMap<string, readonly string[]>;
}

interface Step {
  readonly name: string;
  readonly by: "answer" | "person";
  readonly event: MachineEvent;
  /** Id of what has ended with this answer. */
  readonly ended?: string;
}

/** @throws Error if there is no end of new places, or something is invoked that the scenario has no answers for */
export function walkPaths<Context>(machine: AnyStateMachine, scenario: Scenario<Context>): Walk<Context> {
  const { mostPlaces = 20_000 } = scenario;
  const interpreter = new Interpreter(machine);
  const parts = markMachine(interpreter.machine);
  const seen = new Map<string, readonly string[]>();
  const known = new Map<string, Place<Context>>();
  const places: Place<Context>[] = [];
  const moves: Move<Context>[] = [];

  const arrive = (transition: Transition, from: Place<Context> | null, step: Omit<Step, "event"> | null) => {
    const path = step ? [...(from?.path ?? []), step.name] : [];
    const { marks, effects } = splitMarks(transition.effects);
    for (const mark of marks) if (!seen.has(mark)) seen.set(mark, path);
    const arrived = placeOf<Context>(interpreter, transition, path, runningAfter(path, from, step?.ended, effects));
    const key = keyOf(arrived, scenario);
    const to = known.get(key) ?? arrived;
    if (to === arrived) {
      known.set(key, arrived);
      places.push(arrived);
    }
    const started = effects.flatMap((effect) => (effect.type === "invoke" ? [effect] : []));
    const stopped = effects.flatMap((effect) => (effect.type === "stop" ? [effect.id] : []));
    moves.push({ from, name: step?.name ?? "start", by: step?.by ?? "start", to, started, stopped });
  };

  arrive(interpreter.start(scenario.input as Json), null, null);
  for (const place of places) {
    if (places.length > mostPlaces) {
      const last = place.path.slice(-8).join(" > ");
      throw new Error(`there are more than ${mostPlaces} places: is there a loop without an end? … ${last}`);
    }
    if (place.status !== "active") continue;
    for (const step of stepsFrom(interpreter, place, scenario)) {
      arrive(interpreter.next(restore(interpreter, place), step.event), place, step);
    }
  }
  return { places, moves, parts, seen };
}

/** Names of the states and transitions that are on no path of any of these walks. All must be of one machine. */
export function unseen(walks: readonly Pick<Walk<unknown>, "parts" | "seen">[]): readonly string[] {
  return (walks[0]?.parts ?? []).filter((part) => !walks.some(({ seen }) => seen.has(part)));
}

function stepsFrom<Context>(interpreter: Interpreter, place: Place<Context>, scenario: Scenario<Context>): Step[] {
  const answers = [...place.running.values()].flatMap(({ id, src, input }): Step[] => {
    const possible = scenario.answers[src]?.(input as never);
    if (!possible)
      throw new Error(`"${src}" is invoked on the path ${["start", ...place.path].join(" > ")}, but has no answers`);
    return Object.entries(possible).map(([name, answer]) => ({
      name: `${id}: ${name}`,
      by: "answer",
      event: { type: `xstate.${"error" in answer ? "error" : "done"}.actor.${id}`, ...answer, actorId: id },
      ended: id,
    }));
  });
  const snapshot = restore(interpreter, place);
  const said = Object.entries(scenario.signals ?? {}).filter(([, event]) => interpreter.accepts(snapshot, event));
  return [...answers, ...said.map(([name, event]): Step => ({ name, by: "person", event }))];
}

/** Equal for places from which everything goes on in the same way. */
function keyOf<Context>({ snapshot, context, running }: Place<Context>, { relevant }: Scenario<Context>): string {
  const { status, value, historyValue } = snapshot;
  return canonicalJson([
    status,
    value,
    historyValue,
    relevant ? relevant(context) : context,
    [...running.keys()].sort(),
  ]);
}
