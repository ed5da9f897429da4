/** The colour of a job's or a subtask's state. */

import type { SubtaskStatus } from "../../core/coding.ts";
import type { JobState } from "../../jobs/job-view.ts";
import type { Style } from "./paint.ts";

export function stateStyle(state: JobState | SubtaskStatus): Style {
  switch (state) {
    case "done":
      return "green";
    case "failed":
      return "red";
    case "running":
      return "cyan";
    case "pending":
    case "skipped":
    case "cancelled":
      return "dim";
    case "waiting":
    case "paused":
    case "interrupted":
    case "blocked":
      return "yellow";
  }
}
