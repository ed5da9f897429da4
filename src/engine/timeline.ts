/**
 * Every actor of a job at every point of its history, for those who look back. States are the history's own; contexts are
 * made by taking the events once more, without the steps that a commit needs: it takes part of a second for a long
 * history, and what two points have in common is held once. Pure.
 */

import { isDeepStrictEqual } from "node:util";
import type { AnyMachineSnapshot } from "xstate";
import { isPlainObject, type Json } from "../core/json.ts";
import type { ActorStatus, HistoryRecord } from "../store/store.ts";
import { childActorId, parentOf } from "./actor-id.ts";
import type { Effect } from "./effect.ts";
import { isEngineEvent } from "./engine-event.ts";
import type { MachineEvent, Transition } from "./interpreter.ts";
import type { RegisteredWorkflow, Registry } from "./registry.ts";
import { afterEngineEvent } from "./take-event.ts";

/** What is kept of a snapshot: not the references that XState makes for children. */
export interface SnapshotAt {
  readonly status: ActorStatus;
  readonly context: Json;
  readonly tags: readonly string[];
  readonly output: Json | undefined;
  readonly error: unknown;
}

export interface ActorAt {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly status: ActorStatus;
  readonly state: Json | null;
  /** Number of the entry that it is so since. */
  readonly seq: number;
  /** Null where it is not known: after a divergence, or before its first transition. */
  readonly snapshot: SnapshotAt | null;
}

export interface CallAt {
  readonly effectId: string;
  readonly actorId: string;
  readonly invokeId: string;
  readonly name: string;
  /** Number of the entry that asked for it. */
  readonly seq: number;
  readonly at: number;
  /** The entry that ended it; null as long as there is none. */
  endSeq: number | null;
  endAt: number | null;
  end: "completed" | "failed" | "cancelled" | null;
  error: Json | null;
}

export interface TimerAt {
  readonly actorId: string;
  readonly sendId: string;
  readonly event: string;
  readonly fireAt: number;
  readonly seq: number;
  endSeq: number | null;
}

export class Timeline {
  readonly #registry: Registry;
  /** What each actor was, oldest first. */
  readonly #actors = new Map<string, ActorAt[]>();
  readonly #workflows = new Map<string, RegisteredWorkflow>();
  /** Where each stands now: what the next event is taken from. */
  readonly #standing = new Map<string, AnyMachineSnapshot>();
  readonly #children = new Map<string, Set<string>>();
  readonly #pauses: { readonly seq: number; readonly isPaused: boolean }[] = [];
  readonly #open = new Map<string, CallAt>();
  readonly #times: number[] = [];
  readonly calls: CallAt[] = [];
  readonly timers: TimerAt[] = [];
  #divergesAt: number | null = null;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Number of the last entry that was taken. */
  get last(): number {
    return this.#times.length;
  }

  /** The first entry that this orch's machines do something else with than those that ran; null for none. */
  get divergesAt(): number | null {
    return this.#divergesAt;
  }

  timeOf(seq: number): number | undefined {
    return this.#times[seq - 1];
  }

  /** Whether the job was paused after that entry. */
  isPausedAt(seq: number): boolean {
    return this.#pauses.findLast((one) => one.seq <= seq)?.isPaused ?? false;
  }

  /** Every actor that there was by then, as it was after that entry. */
  actorsAt(seq: number): ActorAt[] {
    return [...this.#actors.keys()].flatMap((id) => this.actorAt(id, seq) ?? []);
  }

  actorAt(id: string, seq: number): ActorAt | null {
    const all = this.#actors.get(id) ?? [];
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((all[middle] as ActorAt).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return all[low - 1] ?? null;
  }

  /** Takes the entry behind the last one. */
  take(entry: HistoryRecord): void {
    const { seq, at, actorId, state } = entry;
    if (seq !== this.last + 1) throw new Error(`entry ${seq} cannot follow entry ${this.last}`);
    this.#times.push(at);
    const event = (isPlainObject(entry.event) ? entry.event : { type: "" }) as MachineEvent;
    const before = event.type === "xstate.init" ? null : this.actorAt(actorId, seq);
    if (event.type === "xstate.init") this.#noCall(actorId);
    const { name, version } = this.#workflowOf(actorId, event, before);
    if (isEngineEvent(event)) this.#pauses.push({ seq, isPaused: event.type === "orch.pause" });
    const snapshot = this.#fold(entry, event, before);
    const status = snapshot?.status ?? "active";
    this.#put({ id: actorId, workflow: name, version, status, state, seq, snapshot });
    this.#endCall(entry, event);
    for (const [index, effect] of entry.effects.entries()) this.#effect(entry, effect as unknown as Effect, index);
    if (snapshot && status !== "active") this.#stopBelow(actorId, seq, at, false);
    if (!snapshot) this.#markEnded(entry, event);
  }

  #fold(entry: HistoryRecord, event: MachineEvent, before: ActorAt | null): SnapshotAt | null {
    if (this.#divergesAt !== null) return null;
    try {
      const snapshot = this.#next(entry, event, before);
      if (snapshot && isDeepStrictEqual(snapshot.value, entry.state)) {
        this.#standing.set(entry.actorId, snapshot);
        return toKept(snapshot);
      }
    } catch {
      // A workflow that is gone: states are still known.
    }
    this.#divergesAt = entry.seq;
    this.#standing.clear();
    return null;
  }

  #next({ actorId }: HistoryRecord, event: MachineEvent, before: ActorAt | null): AnyMachineSnapshot | null {
    let transition: Transition;
    if (!before) {
      if (event.type !== "xstate.init") return null;
      const workflow = this.#registry.version(String(event.workflow), Number(event.version));
      this.#workflows.set(actorId, workflow);
      transition = workflow.interpreter.start((event.input ?? null) as Json);
    } else {
      const standing = this.#standing.get(actorId);
      const workflow = this.#workflows.get(actorId);
      if (!workflow || !standing) return standing ?? null;
      if (isEngineEvent(event)) return afterEngineEvent(standing, event);
      transition = workflow.interpreter.next(standing, event);
    }
    return transition.snapshot;
  }

  #workflowOf(actorId: string, event: MachineEvent, before: ActorAt | null) {
    if (before) return { name: before.workflow, version: before.version };
    const { workflow, version } = event as { readonly workflow?: unknown; readonly version?: unknown };
    return { name: typeof workflow === "string" ? workflow : actorId, version: Number(version ?? 1) };
  }

  #put(actor: ActorAt): void {
    const all = this.#actors.get(actor.id);
    if (!all) this.#actors.set(actor.id, [actor]);
    else if (all.at(-1)?.seq === actor.seq) all[all.length - 1] = actor;
    else all.push(actor);
  }

  #effect({ jobId, seq, at, actorId }: HistoryRecord, effect: Effect, index: number): void {
    switch (effect.type) {
      case "invoke":
        // What is not known is taken for an activity until it turns out to be a machine: that has a history.
        if (this.#registry.activity(effect.src) || !this.#registry.newest(effect.src)) {
          const ids = { effectId: `${jobId}:${seq}:${index}`, actorId, invokeId: effect.id, name: effect.src };
          const call: CallAt = { ...ids, seq, at, endSeq: null, endAt: null, end: null, error: null };
          this.calls.push(call);
          this.#open.set(`${actorId}\0${effect.id}`, call);
        } else {
          const version = this.#registry.newest(effect.src)?.version ?? 1;
          const id = childActorId(actorId, effect.id);
          this.#children.set(actorId, (this.#children.get(actorId) ?? new Set()).add(id));
          this.#put({ id, workflow: effect.src, version, status: "active", state: null, seq, snapshot: null });
        }
        return;
      case "stop":
        this.#closeCall(`${actorId}\0${effect.id}`, seq, at, "cancelled", null);
        this.#stopBelow(childActorId(actorId, effect.id), seq, at, true);
        return;
      case "timer": {
        const sendId = effect.sendId ?? `${jobId}:${seq}:${index}`;
        this.#endTimer(actorId, (timer) => timer.sendId === sendId, seq);
        const { type } = effect.event as { readonly type: string };
        this.timers.push({ actorId, sendId, event: type, fireAt: at + effect.delayMs, seq, endSeq: null });
        return;
      }
      case "cancel-timer":
        this.#endTimer(actorId, (timer) => timer.sendId === effect.sendId, seq);
        return;
      default:
        return;
    }
  }

  #noCall(actorId: string): void {
    const parent = parentOf(actorId);
    const key = parent && `${parent.actorId}\0${parent.invokeId}`;
    const call = key && this.#open.get(key);
    if (!parent || !call) return;
    this.#open.delete(key);
    this.calls.splice(this.calls.indexOf(call), 1);
    this.#children.set(parent.actorId, (this.#children.get(parent.actorId) ?? new Set()).add(actorId));
  }

  #endCall({ actorId, seq, at }: HistoryRecord, event: MachineEvent): void {
    const found = /^xstate\.(done|error)\.actor\.([\s\S]+)$/.exec(event.type);
    if (found) {
      const end = found[1] === "done" ? "completed" : "failed";
      this.#closeCall(`${actorId}\0${found[2]}`, seq, at, end, (event.error ?? null) as Json);
    }
    this.#endTimer(actorId, (timer) => timer.event === event.type && timer.fireAt <= at, seq);
  }

  #closeCall(key: string, seq: number, at: number, end: NonNullable<CallAt["end"]>, error: Json | null): void {
    const call = this.#open.get(key);
    if (!call) return;
    this.#open.delete(key);
    Object.assign(call, { endSeq: seq, endAt: at, end, error });
  }

  #endTimer(actorId: string, isMeant: (timer: TimerAt) => boolean, seq: number): void {
    const timer = this.timers.find((one) => one.endSeq === null && one.actorId === actorId && isMeant(one));
    if (timer) timer.endSeq = seq;
  }

  /** @param isItself whether the actor itself is stopped, or only what is below it, because it has ended */
  #stopBelow(actorId: string, seq: number, at: number, isItself: boolean): void {
    // Most often it was an activity that was stopped.
    if (!this.#actors.has(actorId)) return;
    for (const child of this.#children.get(actorId) ?? []) this.#stopBelow(child, seq, at, true);
    const actor = this.actorAt(actorId, seq);
    if (isItself && actor?.status === "active") this.#put({ ...actor, status: "stopped", seq });
    this.#standing.delete(actorId);
    for (const [key, call] of this.#open) {
      if (call.actorId === actorId) this.#closeCall(key, seq, at, "cancelled", null);
    }
    for (const timer of this.timers) {
      if (timer.endSeq === null && timer.actorId === actorId) timer.endSeq = seq;
    }
  }

  /** Without a snapshot only the parent's history says that a child has ended. */
  #markEnded({ actorId, seq, at }: HistoryRecord, event: MachineEvent): void {
    const found = /^xstate\.(done|error)\.actor\.([\s\S]+)$/.exec(event.type);
    if (!found) return;
    const child = this.actorAt(childActorId(actorId, found[2] as string), seq);
    if (child?.status !== "active" || parentOf(child.id)?.actorId !== actorId) return;
    this.#put({ ...child, status: found[1] === "done" ? "done" : "error", seq });
    this.#stopBelow(child.id, seq, at, false);
  }
}

function toKept({ status, context, tags, output, error }: AnyMachineSnapshot): SnapshotAt {
  const kept = { status: status as ActorStatus, context: context as Json, output: output as Json | undefined };
  return { ...kept, tags: [...tags].map(String), error: error as unknown };
}
