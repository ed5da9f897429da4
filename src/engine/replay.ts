/** A job's history, folded through its machines once more: what each entry led to, and where that is not what was kept. Pure. */

import { isDeepStrictEqual } from "node:util";
import type { AnyMachineSnapshot } from "xstate";
import { OrchError } from "../core/errors.ts";
import { isPlainObject, type Json } from "../core/json.ts";
import type { HistoryRecord } from "../store/store.ts";
import { isWithin } from "./actor-id.ts";
import type { BuiltStep } from "./build-step.ts";
import type { MachineEvent } from "./interpreter.ts";
import type { RegisteredWorkflow, Registry } from "./registry.ts";
import { takeEvent } from "./take-event.ts";

export interface Refolded {
  /** As the history has it. */
  readonly entry: HistoryRecord;
  /** What the entry's actor is. */
  readonly workflow: RegisteredWorkflow;
  readonly snapshot: AnyMachineSnapshot;
  /** As the machine makes it today: persisted snapshot (JSON text), its hash, effects, and all that would be written. */
  readonly step: BuiltStep;
}

/** What is compared of an entry. */
export interface Replayed {
  readonly state: Json;
  readonly snapshotHash: string;
  readonly effects: readonly Json[];
}

export interface Divergence {
  readonly seq: number;
  readonly actorId: string;
  readonly eventType: string;
  /** As the history has it. */
  readonly expected: Replayed;
  /** As the machine makes it today. */
  readonly got: Replayed;
}

export interface Replay {
  /** How many entries led to the same. */
  readonly same: number;
  /** The first entry that did not; what comes after it cannot be compared. */
  readonly divergence: Divergence | null;
}

interface FoldedActor {
  readonly workflow: RegisteredWorkflow;
  readonly snapshot: AnyMachineSnapshot;
}

/**
 * Yields, for each entry from the first to number `until`, what its actor's machine makes of it.
 *
 * @param history the whole of a job's history, oldest first
 * @throws OrchError `workflow-gone`, or `history-damaged` for an entry that is missing or can't stand where it stands
 */
export function* refold(
  history: Iterable<HistoryRecord>,
  registry: Registry,
  { until = Number.POSITIVE_INFINITY }: { readonly until?: number } = {},
): Generator<Refolded, void, undefined> {
  const actors = new Map<string, FoldedActor>();
  let seq = 1;
  for (const entry of history) {
    if (entry.seq > until) return;
    if (entry.seq !== seq) throw damaged(entry.jobId, seq, "is missing");
    const { actorId } = entry;
    const event = eventOf(entry);
    const begun = event.type === "xstate.init" ? undefined : actors.get(actorId);
    const workflow = begun?.workflow ?? begin(entry, event, registry);
    const { snapshot, step } = takeEvent({
      jobId: entry.jobId,
      seq,
      now: entry.at,
      actorId,
      event,
      snapshot: begun?.snapshot,
      interpreter: workflow.interpreter,
      registry,
    });
    actors.set(actorId, { workflow, snapshot });
    forgetEnded(actors, step);
    yield { entry, workflow, snapshot, step };
    seq += 1;
  }
}

/**
 * Compares each entry of a job's history with what its machine makes of it today.
 *
 * @throws OrchError as `refold`
 */
export function replay(history: Iterable<HistoryRecord>, registry: Registry): Replay {
  let same = 0;
  for (const { entry, step } of refold(history, registry)) {
    const expected = replayedOf(entry);
    const got = replayedOf(step);
    if (!isDeepStrictEqual(got, expected)) {
      const { seq, actorId } = entry;
      return { same, divergence: { seq, actorId, eventType: eventOf(entry).type, expected, got } };
    }
    same += 1;
  }
  return { same, divergence: null };
}

/** Through JSON, as what was kept has been. */
function replayedOf({ state, snapshotHash, effects }: Replayed): Replayed {
  return JSON.parse(JSON.stringify({ state, snapshotHash, effects })) as Replayed;
}

function eventOf({ jobId, seq, event }: HistoryRecord): MachineEvent {
  if (isPlainObject(event) && typeof event.type === "string") return event as unknown as MachineEvent;
  throw damaged(jobId, seq, "has no event");
}

/** Only an actor's first event says what it is. */
function begin({ jobId, seq, actorId }: HistoryRecord, event: MachineEvent, registry: Registry): RegisteredWorkflow {
  if (event.type !== "xstate.init") {
    throw damaged(jobId, seq, `is an event of ${actorId}, which has not begun or has ended`);
  }
  const { workflow, version } = event;
  if (typeof workflow !== "string" || typeof version !== "number") {
    throw damaged(jobId, seq, "begins an actor and does not say of which workflow");
  }
  return registry.version(workflow, version);
}

function forgetEnded(actors: Map<string, FoldedActor>, { actorId, writes }: BuiltStep): void {
  for (const write of writes) {
    if (write.type !== "stop" && write.type !== "stop-all") continue;
    const ended = write.type === "stop" ? write.childId : actorId;
    // Most often it was an activity that was stopped.
    if (!actors.has(ended)) continue;
    for (const id of actors.keys()) if (isWithin(id, ended)) actors.delete(id);
  }
}

function damaged(jobId: string, seq: number, what: string): OrchError {
  return new OrchError(`the history of job ${jobId} is damaged: entry ${seq} ${what}`, {
    code: "history-damaged",
    hint: "go back to a copy of the database from before, if there is one",
    details: { seq },
  });
}
