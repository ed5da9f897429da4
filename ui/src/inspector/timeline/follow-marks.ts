/** Keeps the marks of the track up to date with the stream. */

import { type Accessor, createMemo } from "solid-js";
import type { JobScope } from "../../live/job-scope.ts";
import { type Mark, type Phase, TimelineMarks } from "./marks.ts";

export interface FollowedMarks {
  readonly marks: readonly Mark[];
  readonly phases: readonly Phase[];
  readonly first: number;
  readonly last: number;
}

export function followMarks(scope: JobScope, lastSeq: Accessor<number>): Accessor<FollowedMarks> {
  let log: JobScope["entries"] | undefined;
  let marks: TimelineMarks;
  let seen = 0;
  return createMemo(() => {
    const last = lastSeq();
    if (log !== scope.entries) {
      log = scope.entries;
      marks = new TimelineMarks();
      seen = 0;
    }
    for (const entry of log.since(seen)) {
      marks.take(entry);
      seen = entry.seq;
    }
    return { marks: marks.marks, phases: marks.phases, first: Math.min(1, last), last };
  });
}
