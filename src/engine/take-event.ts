/** One event, taken by one actor: the transition that it causes, as a step. Shared by the run and the replay. Pure. */

import type { AnyMachineSnapshot } from "xstate";
import type { Json } from "../core/json.ts";
import { type BuiltStep, buildStep, type StepParams } from "./build-step.ts";
import { type EngineEvent, isEngineEvent } from "./engine-event.ts";
import type { Interpreter, MachineEvent, Transition } from "./interpreter.ts";

export interface TakeEventParams extends Omit<StepParams, "transition"> {
  /** Where the actor stands; undefined before its first transition. */
  readonly snapshot: AnyMachineSnapshot | undefined;
}

export interface TakenEvent {
  readonly snapshot: AnyMachineSnapshot;
  readonly step: BuiltStep;
}

/** Never throws for what the machine does: then the actor has failed, with the reason. */
export function takeEvent({ snapshot, ...params }: TakeEventParams): TakenEvent {
  const build = (transition: Transition) => ({
    snapshot: transition.snapshot,
    step: buildStep({ ...params, transition }),
  });
  const transition = transitionOf(params.interpreter, snapshot, params.event);
  try {
    return build(transition);
  } catch (error) {
    // What the machine made cannot be kept: the actor fails with that reason, in the last state that could be.
    const kept = snapshot ?? { ...transition.snapshot, context: {}, children: {} };
    return build({ snapshot: { ...kept, status: "error", error } as AnyMachineSnapshot, effects: [] });
  }
}

function transitionOf(
  interpreter: Interpreter,
  snapshot: AnyMachineSnapshot | undefined,
  event: MachineEvent,
): Transition {
  if (!snapshot) return interpreter.start((event.input ?? null) as Json);
  if (!isEngineEvent(event)) return interpreter.next(snapshot, event);
  return { snapshot: afterEngineEvent(snapshot, event), effects: [] };
}

/** The machine is not asked: its state and context stay as they are. */
export function afterEngineEvent(snapshot: AnyMachineSnapshot, { type }: EngineEvent): AnyMachineSnapshot {
  return type === "orch.cancel" ? ({ ...snapshot, status: "stopped" } as AnyMachineSnapshot) : snapshot;
}
