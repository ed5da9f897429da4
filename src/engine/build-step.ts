/** Turns a transition into the step that is committed: what is written, and under which ids. Pure. */

import type { AnyMachineSnapshot } from "xstate";
import { type ErrorData, isErrorData } from "../core/errors.ts";
import { effectId } from "../core/ids.ts";
import { type Json, toJson } from "../core/json.ts";
import type { ActorStatus, JobStatus, Step, StepWrite } from "../store/store.ts";
import { childActorId, parentOf, ROOT_ACTOR } from "./actor-id.ts";
import type { Effect } from "./effect.ts";
import type { Interpreter, MachineEvent, PersistedSnapshot, Transition } from "./interpreter.ts";
import type { Registry } from "./registry.ts";
import { hashSnapshot } from "./snapshot-hash.ts";
import { STATUS_TAGS } from "./workflow.ts";

/** What comes of an event alone: a step without what only the run knows that commits it. */
export type BuiltStep = Omit<Step, "epoch" | "cause" | "artifacts">;

export interface StepParams {
  readonly jobId: string;
  readonly seq: number;
  readonly now: number;
  readonly actorId: string;
  readonly event: MachineEvent;
  readonly transition: Transition;
  readonly interpreter: Interpreter;
  readonly registry: Registry;
}

/** @throws Error if the machine made something that cannot be kept or started; nothing was done then */
export function buildStep(params: StepParams): BuiltStep {
  const { jobId, seq, now, actorId, event, transition, interpreter } = params;
  const { persisted, encoded } = interpreter.encode(transition.snapshot);
  const ended = persisted.status !== "active";
  const writes = transition.effects.flatMap((effect, index) => toWrites(params, effect, effectId(jobId, seq, index)));
  if (ended) writes.push({ type: "stop-all" }, ...endOfChild(params, persisted));
  return {
    jobId,
    seq,
    at: now,
    actorId,
    event: toJson(event, "event"),
    actorStatus: persisted.status as ActorStatus,
    snapshot: encoded.text,
    snapshotHash: hashSnapshot(persisted, encoded),
    state: persisted.value,
    effects: transition.effects as readonly Json[],
    writes,
    job: actorId === ROOT_ACTOR ? jobOf(transition.snapshot, persisted) : null,
  };
}

function toWrites({ actorId, now, registry }: StepParams, effect: Effect, id: string): StepWrite[] {
  switch (effect.type) {
    case "invoke":
      return invoke(registry, actorId, effect, id);
    case "stop":
      return [{ type: "stop", invokeId: effect.id, childId: childActorId(actorId, effect.id) }];
    case "timer":
      return [
        {
          type: "timer",
          sendId: effect.sendId ?? id,
          event: toJson(effect.event, "event"),
          fireAt: fireAt(now, effect),
        },
      ];
    case "cancel-timer":
      return [{ type: "cancel-timer", sendId: effect.sendId }];
    case "send": {
      const target = targetOf(actorId, effect);
      return target === null ? [] : [{ type: "signal", id, actorId: target, event: toJson(effect.event, "event") }];
    }
    case "emit":
      return [];
  }
}

function fireAt(now: number, { delayMs }: Extract<Effect, { type: "timer" }>): number {
  if (!Number.isFinite(delayMs)) throw new Error(`a delay is ${delayMs}: it must be a number of milliseconds`);
  return Math.ceil(now + delayMs);
}

function invoke(
  registry: Registry,
  actorId: string,
  { id: invokeId, src, input }: Extract<Effect, { type: "invoke" }>,
  id: string,
): StepWrite[] {
  const checked = toJson(input, `input of ${invokeId}`);
  if (registry.activity(src)) return [{ type: "activity", effectId: id, invokeId, name: src, input: checked }];
  const workflow = registry.newest(src);
  if (!workflow) throw new Error(`nothing is registered under the name "${src}"`);
  const childId = childActorId(actorId, invokeId);
  const { name, version, definitionHash } = workflow;
  return [
    { type: "actor", actorId: childId, workflow: name, version, definitionHash },
    { type: "signal", id, actorId: childId, event: { type: "xstate.init", workflow: name, version, input: checked } },
  ];
}

function targetOf(actorId: string, { to }: Extract<Effect, { type: "send" }>): string | null {
  switch (to.type) {
    case "self":
      return actorId;
    case "child":
      return childActorId(actorId, to.id);
    case "parent":
      return parentOf(actorId)?.actorId ?? null;
  }
}

/** A child that has ended tells its parent, in the same commit. */
function endOfChild({ jobId, seq, actorId }: StepParams, persisted: PersistedSnapshot): StepWrite[] {
  const parent = parentOf(actorId);
  if (!parent || persisted.status === "stopped") return [];
  const actor = parent.invokeId;
  const event: Json =
    persisted.status === "done"
      ? { type: `xstate.done.actor.${actor}`, output: persisted.output, actorId: actor }
      : { type: `xstate.error.actor.${actor}`, error: persisted.error, actorId: actor };
  return [{ type: "signal", id: `${jobId}:${seq}:end`, actorId: parent.actorId, event }];
}

function jobOf(snapshot: AnyMachineSnapshot, persisted: PersistedSnapshot): NonNullable<Step["job"]> {
  const status = statusOf(snapshot);
  return {
    status,
    closed: persisted.status !== "active",
    output: persisted.output ?? null,
    error: persisted.status === "error" ? (persisted.error as unknown as ErrorData) : explanation(status, persisted),
  };
}

function statusOf(snapshot: AnyMachineSnapshot): JobStatus {
  if (snapshot.status === "error") return "failed";
  if (snapshot.status === "stopped") return "cancelled";
  const tagged = STATUS_TAGS.find((tag) => snapshot.hasTag(tag));
  return tagged ?? (snapshot.status === "done" ? "done" : "running");
}

/** By convention a machine in a state tagged `failed` says why in `context.error`. */
function explanation(status: JobStatus, { context }: PersistedSnapshot): ErrorData | null {
  if (status !== "failed" || context === null || typeof context !== "object") return null;
  const error: unknown = (context as { readonly error?: unknown }).error;
  return isErrorData(error) ? error : null;
}
