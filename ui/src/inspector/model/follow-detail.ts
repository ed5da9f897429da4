/** What the server knows of the actor that is looked at, at the point that the page shows: context, services, timers. */

import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import type { ActorDetail } from "../../../../src/core/protocol/history.ts";
import { getActor } from "../../api/machines.ts";
import type { JobScope } from "../../live/job-scope.ts";

/** While a job streams, it is asked for this often at most; what takes long, because it is large, more rarely. */
const LEAST_PAUSE_MS = 400;

export interface FollowedDetail {
  /** Null while it is not there yet, or the actor had not begun at that point. */
  readonly detail: Accessor<ActorDetail | null>;
  readonly error: Accessor<unknown>;
}

export function followDetail(scope: JobScope, actorId: Accessor<string>): FollowedDetail {
  const [now, setNow] = createSignal<ActorDetail | null>(null);
  const [error, setError] = createSignal<unknown>(null);
  const aborter = new AbortController();
  let isAsking = false;
  let isStale = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => {
    aborter.abort();
    clearTimeout(timer);
  });

  const ask = async () => {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    isStale = false;
    const id = actorId();
    const began = performance.now();
    try {
      const answer = await getActor(scope.id, id, aborter.signal);
      if (id === actorId()) setNow(answer);
      setError(null);
    } catch (cause) {
      if (aborter.signal.aborted) return;
      setError(cause);
    }
    const took = performance.now() - began;
    timer = setTimeout(
      () => {
        isAsking = false;
        if (isStale) void ask();
      },
      Math.max(LEAST_PAUSE_MS, took * 4),
    );
  };

  createEffect(() => scope.setPointActor(actorId()));
  onCleanup(() => scope.setPointActor(null));
  createEffect(() => {
    if (scope.at() !== null) return;
    const id = actorId();
    const { actors, subtasks, job } = scope.now;
    // Attempts and last words of services change without an entry: they show in the subtask's or the job's line.
    const subtask = subtasks.find((one) => one.actorId !== null && id.startsWith(one.actorId));
    const signs = [
      actors.find((one) => one.id === id)?.seq,
      subtask?.line,
      subtask?.retry?.at,
      id === "job" && job.line,
    ];
    if (now()?.id !== id) setNow(null);
    if (signs.length > 0) void ask();
  });

  return {
    detail: () => {
      if (scope.at() === null) return now()?.id === actorId() ? now() : null;
      const actor = scope.point()?.actor ?? null;
      return actor?.id === actorId() ? actor : null;
    },
    error: () => (scope.at() === null ? error() : scope.pointError()),
  };
}
