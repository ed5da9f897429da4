/**
 * One job as its pages share it: as it is now, its history, and the point in time that the whole page shows. Every tab
 * reads `job()`, `subtasks()` and `actors()`; they are of now, or of the point that the slider was moved to.
 */

import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import type { ActorItem, PointView } from "../../../src/core/protocol/history.ts";
import type { JobHead, SubtaskItem } from "../../../src/core/protocol/jobs.ts";
import type { ServerMessage } from "../../../src/core/protocol/stream.ts";
import { getJob } from "../api/jobs.ts";
import { EntryLog } from "./entry-log.ts";
import type { Live } from "./live.tsx";
import { begin, type HeldJob, isOtherHistory, merge } from "./merge-job.ts";
import { createPast } from "./past.ts";
import { createCell } from "./store.ts";

export interface JobScope {
  readonly id: string;
  /** `loading` until the first message; `unknown`: there is no such job. */
  readonly state: Accessor<"loading" | "ready" | "unknown">;
  /** What is shown: now, or the point `at`. Only while `state()` is `ready`. */
  readonly job: Accessor<JobHead>;
  readonly subtasks: Accessor<readonly SubtaskItem[]>;
  readonly actors: Accessor<readonly ActorItem[]>;
  /** As it is now, whatever is shown. */
  readonly now: {
    readonly job: JobHead;
    readonly subtasks: readonly SubtaskItem[];
    readonly actors: readonly ActorItem[];
  };
  /** The history. Not reactive by itself: read `last()` first. */
  readonly entries: EntryLog;
  /** Number of the last entry held: moves with each message that brings some. */
  readonly last: Accessor<number>;
  /** The point of the history that the page shows; null: now. */
  readonly at: Accessor<number | null>;
  readonly setAt: (seq: number | null) => void;
  /** All that the server says of the point `at`; null while it is now, or not there yet. */
  readonly point: Accessor<PointView | null>;
  /** Whether `point` is still on its way, and what is shown is of another one. */
  readonly isMoving: Accessor<boolean>;
  readonly pointError: Accessor<unknown>;
  /** Whose context `point().actor` shall carry; null: that of the entry's own actor. */
  readonly setPointActor: (actor: string | null) => void;
  /** Loads the planner's words to the agents, which the stream leaves out. */
  readonly loadInstructions: () => Promise<void>;
}

export function createJobScope(live: Live, id: string): JobScope {
  const now = createCell<HeldJob>({ job: null as unknown as JobHead, subtasks: [], actors: [] });
  const [state, setState] = createSignal<"loading" | "ready" | "unknown">("loading");
  const [last, setLast] = createSignal(0);
  const past = createPast(id);
  let entries = new EntryLog();
  /** The `since` of the last question. */
  let said = 0;

  const take = (message: ServerMessage) => {
    if (message.type === "no-job" && message.jobId === id) setState("unknown");
    if (message.type === "job" && message.jobId === id) {
      if (isOtherHistory(message, said)) entries = new EntryLog();
      now.replace(begin(message, state() === "ready" ? now.plain() : null));
      setLast(entries.last);
      setState("ready");
    }
    if (message.type === "update" && message.jobId === id && state() === "ready") {
      if (!entries.append(message.entries)) return live.connection.watchAgain();
      now.replace(merge(now.plain(), message));
      setLast(entries.last);
    }
  };

  live.listen((message) => batch(() => take(message)));
  const since = () => {
    said = entries.last;
    return said;
  };
  onCleanup(live.connection.watchJob({ job: id, since }));

  return {
    id,
    state,
    job: () => past.held()?.job ?? now.value.job,
    subtasks: () => past.held()?.subtasks ?? now.value.subtasks,
    actors: () => past.held()?.actors ?? now.value.actors,
    now: now.value,
    get entries() {
      return entries;
    },
    last,
    at: past.at,
    setAt: past.setAt,
    point: past.point,
    isMoving: past.isMoving,
    pointError: past.error,
    setPointActor: past.setActor,
    async loadInstructions() {
      const { subtasks } = await getJob(id);
      const words = new Map(subtasks.map((subtask) => [subtask.id, subtask.instructions]));
      const held = now.plain();
      const told = held.subtasks.map((subtask) => ({ ...subtask, instructions: words.get(subtask.id) ?? null }));
      now.replace({ ...held, subtasks: told });
    },
  };
}
