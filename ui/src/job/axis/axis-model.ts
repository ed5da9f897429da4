/** The time axis of a job as signals: which rows, which stretch of time, how far zoomed in. */

import { type Accessor, createMemo, createSignal } from "solid-js";
import type { SubtaskItem } from "../../../../src/core/protocol/jobs.ts";
import type { JobScope } from "../../live/job-scope.ts";
import { areSameBars, type Bar, barsOf, spansOfTimes } from "./bars.ts";
import { PhaseSpans } from "./phase-spans.ts";
import type { TimeScale } from "./time-scale.ts";

export const FILTERS = ["all", "running", "failed", "blocked", "pending", "done"] as const;
export type AxisFilter = (typeof FILTERS)[number];

export interface AxisModel {
  readonly rows: Accessor<readonly SubtaskItem[]>;
  readonly counts: Accessor<Readonly<Record<AxisFilter, number>>>;
  readonly filter: Accessor<AxisFilter>;
  readonly setFilter: (filter: AxisFilter) => void;
  readonly text: Accessor<string>;
  readonly setText: (text: string) => void;
  readonly scale: Accessor<TimeScale>;
  readonly zoom: Accessor<number>;
  readonly setZoom: (zoom: number) => void;
  /** The end of what still lasts: now, when it settled, or the point that the page shows. */
  readonly until: Accessor<number>;
  readonly bars: (subtask: SubtaskItem) => readonly Bar[];
  /** The job's own work: planning, merging, verifying. */
  readonly ownBars: Accessor<readonly Bar[]>;
}

export const MAX_ZOOM = 64;
/** Pixels to the right of now, for the words behind the bars. */
const AHEAD = 112;
const AHEAD_NARROW = 64;
const NARROW = 520;

export function filterOf({ status }: SubtaskItem): AxisFilter {
  return status === "skipped" ? "done" : status;
}

/** @param width of the bars' area in pixels, before zooming */
export function createAxisModel(scope: JobScope, now: Accessor<number>, width: Accessor<number>): AxisModel {
  const [filter, setFilter] = createSignal<AxisFilter>("all");
  const [text, setText] = createSignal("");
  const [zoom, setZoom] = createSignal(1);
  const spans = new PhaseSpans();
  const taken = createMemo(
    () => {
      scope.last();
      spans.take(scope.entries);
      return spans;
    },
    undefined,
    { equals: false },
  );

  const end = () => {
    const { settledAt, updatedAt, state } = scope.now.job;
    return settledAt ?? (state === "interrupted" ? updatedAt : now());
  };
  const until = () => scope.point()?.entry.at ?? end();
  const scale = createMemo((): TimeScale => {
    const from = scope.job().createdAt;
    const last = Math.max(end(), from + 1000);
    const pixels = width() * zoom();
    const ahead = width() < NARROW ? AHEAD_NARROW : AHEAD;
    return { from, to: last + ((last - from) * ahead) / (pixels - ahead), width: pixels };
  });

  const counts = createMemo(() => {
    const found = { all: 0, running: 0, failed: 0, blocked: 0, pending: 0, done: 0 };
    for (const subtask of scope.subtasks()) {
      found.all++;
      found[filterOf(subtask)]++;
    }
    return found;
  });
  const rows = createMemo(() => {
    const words = text().trim().toLowerCase();
    if (filter() === "all" && words === "") return scope.subtasks();
    return scope
      .subtasks()
      .filter((subtask) => filter() === "all" || filterOf(subtask) === filter())
      .filter(({ id, title }) => words === "" || `${id} ${title}`.toLowerCase().includes(words));
  });

  return {
    rows,
    counts,
    filter,
    setFilter,
    text,
    setText,
    scale,
    zoom,
    setZoom: (wanted) => setZoom(Math.min(MAX_ZOOM, Math.max(1, wanted))),
    until,
    bars(subtask) {
      const known = subtask.actorId === null ? [] : taken().of(subtask.actorId, until());
      return barsOf(known.length === 0 ? spansOfTimes(subtask) : known, scale(), subtask.finishedAt ?? until());
    },
    ownBars: createMemo(
      () => {
        const own = taken()
          .of("job", until())
          .filter(({ phase }) => phase !== "working");
        return barsOf(own, scale(), until());
      },
      [],
      { equals: areSameBars },
    ),
  };
}
