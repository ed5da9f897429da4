/** Which words from outside a job's machine can take where it stands, and what has to be said with each. */

import type { AnyMachineSnapshot } from "xstate";
import type { CodingJobEvent } from "../../../workflows/coding-job.ts";
import { codingRegistry } from "../../coding-workflows.ts";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { PossibleEvent } from "../../core/protocol/machine.ts";
import { ROOT_ACTOR } from "../../engine/actor-id.ts";
import type { Interpreter, MachineEvent, PersistedSnapshot } from "../../engine/interpreter.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { contextOf, isCodingJob } from "../jobs.ts";

interface Field {
  readonly name: string;
  readonly kind: "text" | "choice";
  readonly isRequired: boolean;
}

/** What the machine's words carry. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  "plan.reject": [{ name: "feedback", kind: "text", isRequired: true }],
  "job.retry": [{ name: "subtaskId", kind: "choice", isRequired: false }],
  "subtask.skip": [{ name: "subtaskId", kind: "choice", isRequired: true }],
};

const LONGEST_TEXT = 20_000;

export function possibleEvents(store: Store, job: JobRecord): PossibleEvent[] {
  const stand = standOf(store, job);
  if (!stand || job.closed || job.status === "paused") return [];
  const { snapshot, interpreter, failed } = stand;
  return wordsOf(snapshot).flatMap((type) => {
    const fields = (FIELDS[type] ?? []).map((field) => ({
      ...field,
      values:
        field.kind === "choice" ? failed.filter((id) => interpreter.accepts(snapshot, { type, [field.name]: id })) : [],
    }));
    const isOpen = fields.every(({ isRequired, kind, values }) => !isRequired || kind === "text" || values.length > 0);
    const isTaken = fields.some(({ values }) => values.length > 0) || interpreter.accepts(snapshot, { type });
    if (!isOpen || !isTaken) return [];
    const needsWords = fields.some(({ isRequired }) => isRequired);
    return [{ type, actorId: ROOT_ACTOR, fields, targets: needsWords ? null : targetsOf(snapshot, { type }) }];
  });
}

/**
 * The event that was asked for, with nothing in it but its own fields.
 *
 * @throws UsageError `not-now`, `bad-fields`
 */
export function eventToSend(
  store: Store,
  job: JobRecord,
  {
    actorId,
    type,
    fields,
  }: { readonly actorId: string; readonly type: string; readonly fields: Readonly<Record<string, unknown>> },
): CodingJobEvent {
  const possible = possibleEvents(store, job).find((one) => one.actorId === actorId && one.type === type);
  if (!possible) {
    throw new UsageError(`"${printable(type)}" is not an event that job ${job.id} can take now`, {
      code: "not-now",
      hint: "look where the job stands now",
    });
  }
  const unknown = Object.keys(fields).find((name) => !possible.fields.some((field) => field.name === name));
  if (unknown !== undefined) throw badField(type, unknown, "is not a field of it");
  const said = possible.fields.flatMap(({ name, kind, isRequired, values }) => {
    const value = fields[name];
    if (value === undefined && !isRequired) return [];
    if (typeof value !== "string" || value.trim() === "") throw badField(type, name, "is missing");
    if (kind === "choice" && !values.includes(value)) throw badField(type, name, "cannot have that value now");
    if (value.length > LONGEST_TEXT) throw badField(type, name, "is too long");
    return [[name, value]];
  });
  return { type, ...Object.fromEntries(said) } as CodingJobEvent;
}

/** Null for a machine of one's own, too: its file is not run to look at a job. `orch signal` tells it something. */
function standOf(store: Store, job: JobRecord) {
  if (!isCodingJob(job)) return null;
  const text = store.getActor(job.id, ROOT_ACTOR)?.snapshot;
  if (!text) return null;
  const interpreter = interpreterOf(job);
  if (!interpreter) return null;
  const persisted = JSON.parse(text) as PersistedSnapshot;
  const failed = contextOf(persisted)
    .board.filter(({ status }) => status === "failed")
    .map(({ id }) => id);
  return { interpreter, snapshot: interpreter.restore(persisted), failed };
}

/** Null for a workflow, or a version, that is not to be had here: what it can take is not known then. */
function interpreterOf({ workflow, version }: JobRecord): Interpreter | null {
  try {
    return codingRegistry().version(workflow, version).interpreter as Interpreter;
  } catch {
    return null;
  }
}

/** Those that a state which is active listens for; not the engine's own, nor wildcards. */
function wordsOf(snapshot: AnyMachineSnapshot): string[] {
  const types = snapshot._nodes.flatMap((node) => [...node.transitions.keys()].map(String));
  return [...new Set(types)].filter((type) => type !== "" && !type.startsWith("xstate.") && !type.includes("*")).sort();
}

function targetsOf(snapshot: AnyMachineSnapshot, event: MachineEvent): string[] {
  const transitions = snapshot.machine.getTransitionData(snapshot, event) ?? [];
  return transitions.flatMap(({ target }) => target?.map(({ id }) => id) ?? []);
}

function badField(type: string, name: string, what: string): UsageError {
  return new UsageError(`"${printable(name)}" of ${printable(type)} ${what}`, { code: "bad-fields" });
}
