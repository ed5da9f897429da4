/**
 * What a job has open after each of its steps: its actors, and the activities, timers and signals that they wait for.
 * The same that the store's rows say, made from the history alone. Pure.
 */

import { canonicalJson, type Json } from "../core/json.ts";
import type { ActorRecord, StepWrite } from "../store/store.ts";
import { isWithin } from "./actor-id.ts";
import type { BuiltStep } from "./build-step.ts";
import type { MachineEvent } from "./interpreter.ts";
import type { RegisteredWorkflow } from "./registry.ts";

type OpenActor = Omit<ActorRecord, "jobId">;

interface Work {
  readonly actorId: string;
}

/** One call of an activity, from when it was scheduled. */
export interface ActivityCall extends Work {
  readonly effectId: string;
  readonly invokeId: string;
  readonly name: string;
  readonly input: Json;
  /** Number of the history entry that scheduled it. */
  readonly seq: number;
  /** Number of the entry that brought its end; null as long as it has none. */
  endSeq: number | null;
  /** What it returned; null for one that failed. */
  output: Json;
}

interface OpenTimer extends Work {
  readonly sendId: string;
  readonly event: Json;
  readonly fireAt: number;
}

interface OpenSignal extends Work {
  readonly id: string;
  readonly event: Json;
}

export class OpenWork {
  readonly #actors = new Map<string, OpenActor>();
  /** Every call so far, in the order in which they were scheduled. */
  readonly calls: ActivityCall[] = [];
  #activities: ActivityCall[] = [];
  #timers: OpenTimer[] = [];
  #signals: OpenSignal[] = [];

  get actors(): readonly OpenActor[] {
    return [...this.#actors.values()];
  }

  /** The calls that are not over. */
  get activities(): readonly ActivityCall[] {
    return this.#activities;
  }

  get timers(): readonly OpenTimer[] {
    return this.#timers;
  }

  /** Those that actors of the job sent each other and that were not taken yet, oldest first. */
  get signals(): readonly OpenSignal[] {
    return this.#signals;
  }

  take(step: BuiltStep, { name, version, definitionHash }: RegisteredWorkflow): void {
    const { actorId, seq } = step;
    this.#consume(step);
    const began = { workflow: name, version, definitionHash };
    this.#actors.set(actorId, {
      id: actorId,
      ...began,
      status: step.actorStatus,
      snapshot: step.snapshot,
      updatedSeq: seq,
    });
    for (const write of step.writes) this.#apply(step, write);
  }

  /** Removes what brought the event: a call's end, a signal, or a timer. An event of none of these came from outside. */
  #consume({ actorId, event: json, seq, at }: BuiltStep): void {
    const event = json as unknown as MachineEvent;
    const call = this.#activities.find((one) => one.actorId === actorId && isEndOf(event, one.invokeId));
    if (call) {
      call.endSeq = seq;
      call.output = (event.output ?? null) as Json;
      this.#activities = this.#activities.filter((one) => one !== call);
      return;
    }
    const signal = this.#signals.find((one) => one.actorId === actorId && isSame(one.event, json));
    if (signal) {
      this.#signals = this.#signals.filter((one) => one !== signal);
      return;
    }
    // A clock that was set back lets the engine's own (`after`) seem to have fired early.
    const isDue = ({ fireAt }: OpenTimer) => fireAt <= at || event.type.startsWith("xstate.");
    const due = this.#timers
      .filter((one) => one.actorId === actorId && isDue(one) && isSame(one.event, json))
      .sort((a, b) => a.fireAt - b.fireAt)[0];
    if (due) this.#timers = this.#timers.filter((one) => one !== due);
  }

  #apply({ actorId, seq }: BuiltStep, write: StepWrite): void {
    switch (write.type) {
      case "activity": {
        const { effectId, invokeId, name, input } = write;
        const call: ActivityCall = { effectId, actorId, invokeId, name, input, seq, endSeq: null, output: null };
        this.calls.push(call);
        this.#activities.push(call);
        return;
      }
      case "actor": {
        const { workflow, version, definitionHash } = write;
        this.#actors.set(write.actorId, {
          id: write.actorId,
          workflow,
          version,
          definitionHash,
          status: "active",
          snapshot: null,
          updatedSeq: seq,
        });
        return;
      }
      case "signal":
        // An actor that has ended hears nothing more.
        if (this.#actors.get(write.actorId)?.status !== "active") return;
        this.#signals.push({ id: write.id, actorId: write.actorId, event: write.event });
        return;
      case "timer":
        this.#dropTimer(actorId, write.sendId);
        this.#timers.push({ actorId, sendId: write.sendId, event: write.event, fireAt: write.fireAt });
        return;
      case "cancel-timer":
        this.#dropTimer(actorId, write.sendId);
        return;
      case "stop":
        this.#activities = this.#activities.filter((one) => one.actorId !== actorId || one.invokeId !== write.invokeId);
        this.#stop((id) => isWithin(id, write.childId), seq);
        return;
      case "stop-all":
        this.#stop((id) => isWithin(id, actorId), seq);
        return;
    }
  }

  /** Ends those actors, as far as they are active, and whatever they have open. */
  #stop(isMeant: (actorId: string) => boolean, seq: number): void {
    for (const actor of this.#actors.values()) {
      if (actor.status !== "active" || !isMeant(actor.id)) continue;
      this.#actors.set(actor.id, { ...actor, status: "stopped", updatedSeq: seq });
    }
    const isLeft = ({ actorId }: Work) => !isMeant(actorId);
    this.#activities = this.#activities.filter(isLeft);
    this.#timers = this.#timers.filter(isLeft);
    this.#signals = this.#signals.filter(isLeft);
  }

  #dropTimer(actorId: string, sendId: string): void {
    this.#timers = this.#timers.filter((one) => one.actorId !== actorId || one.sendId !== sendId);
  }
}

function isEndOf({ type, actorId }: MachineEvent, invokeId: string): boolean {
  if (actorId !== invokeId) return false;
  return type === `xstate.done.actor.${invokeId}` || type === `xstate.error.actor.${invokeId}`;
}

/** The engine's own events are known by their type: what an error carries in them differs from release to release. */
function isSame(a: Json, b: Json): boolean {
  const [one, other] = [a, b] as unknown as readonly [MachineEvent, MachineEvent];
  if (one.type !== other.type) return false;
  return one.type.startsWith("xstate.") || canonicalJson(a) === canonicalJson(b);
}
