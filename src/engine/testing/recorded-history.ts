/** The history that a machine's events would have left, without an engine: in one go, or with a restart before each event. */

import type { AnyMachineSnapshot } from "xstate";
import type { Json } from "../../core/json.ts";
import type { HistoryRecord } from "../../store/store.ts";
import type { MachineEvent, PersistedSnapshot } from "../interpreter.ts";
import type { Registry } from "../registry.ts";
import { takeEvent } from "../take-event.ts";

/** @param events those after the first, which begins the workflow `name` */
export function recordHistory(
  registry: Registry,
  name: string,
  events: readonly MachineEvent[],
  { restarts }: { readonly restarts: boolean },
): HistoryRecord[] {
  const { interpreter, version } = registry.version(name, 1);
  const begin: MachineEvent = { type: "xstate.init", workflow: name, version, input: null };
  const history: HistoryRecord[] = [];
  let snapshot: AnyMachineSnapshot | undefined;
  for (const [index, event] of [begin, ...events].entries()) {
    const seq = index + 1;
    const taken = takeEvent({ jobId: "j", seq, now: seq, actorId: "job", event, snapshot, interpreter, registry });
    const { at, actorId, state, snapshotHash, effects, snapshot: text } = taken.step;
    const entry = { jobId: "j", seq, actorId, at, event: event as unknown as Json, state, snapshotHash, effects };
    history.push(JSON.parse(JSON.stringify(entry)) as HistoryRecord);
    snapshot = restarts ? interpreter.restore(JSON.parse(text) as PersistedSnapshot) : taken.snapshot;
  }
  return history;
}
