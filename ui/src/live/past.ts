/**
 * The point of a job's history that its page shows. While the slider is dragged one request is under way, and then the
 * latest position is asked for: those in between are left out.
 */

import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import type { PointView } from "../../../src/core/protocol/history.ts";
import { getPoint } from "../api/jobs.ts";
import type { HeldJob } from "./merge-job.ts";
import { createCell } from "./store.ts";

export interface Past {
  readonly at: Accessor<number | null>;
  readonly setAt: (seq: number | null) => void;
  readonly point: Accessor<PointView | null>;
  /** What `point` shows of the job; undefined while the page shows now. */
  readonly held: Accessor<HeldJob | undefined>;
  readonly isMoving: Accessor<boolean>;
  readonly error: Accessor<unknown>;
  readonly setActor: (actor: string | null) => void;
}

export function createPast(jobId: string): Past {
  const [at, setAt] = createSignal<number | null>(null);
  const [actor, setActor] = createSignal<string | null>(null);
  const [point, setPoint] = createSignal<PointView | null>(null);
  const [isMoving, setMoving] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const cell = createCell<HeldJob>({ job: null as unknown as HeldJob["job"], subtasks: [], actors: [] });
  const aborter = new AbortController();
  let isAsking = false;
  onCleanup(() => aborter.abort());

  const follow = async () => {
    if (isAsking) return;
    isAsking = true;
    setMoving(true);
    for (let wanted = at(), of = actor(); wanted !== null; wanted = at(), of = actor()) {
      const answer = await getPoint(jobId, wanted, of ?? undefined, aborter.signal).catch((cause: unknown) => {
        if (!aborter.signal.aborted) setError(cause);
        return null;
      });
      if (aborter.signal.aborted) return;
      if (answer !== null && at() !== null) show(answer);
      if (at() === wanted && actor() === of) break;
    }
    isAsking = false;
    setMoving(false);
  };

  const show = (answer: PointView) =>
    batch(() => {
      cell.replace({ ...answer.detail, actors: answer.actors });
      setPoint(answer);
      setError(null);
    });

  return {
    at,
    setAt(seq) {
      if (seq === at()) return;
      setAt(seq);
      if (seq !== null) return void follow();
      batch(() => {
        setPoint(null);
        setError(null);
      });
    },
    point,
    held: () => (point() === null ? undefined : cell.value),
    isMoving,
    error,
    setActor(wanted) {
      if (wanted === actor()) return;
      setActor(wanted);
      if (at() !== null) void follow();
    },
  };
}
