/** How a subtask stands, in a mark and one line. Pure. */

import type { SubtaskItem } from "../../../src/core/protocol/jobs.ts";
import type { MarkedState } from "../design/state-mark.tsx";
import { duration, many } from "../words/format.ts";
import { subtaskPhase } from "../words/phases.ts";

export function markOf({ status, retry }: SubtaskItem): MarkedState {
  return status === "running" && retry !== null ? "retrying" : status;
}

export interface Said {
  /** `speech`: what a program or an agent said. */
  readonly kind: "speech" | "words" | "error";
  readonly text: string;
}

/** @param now the server's time */
export function saidOf(subtask: SubtaskItem, now: number): Said {
  const { status, retry, error, line, phase, stat, dependsOn } = subtask;
  if (status === "failed") return { kind: "error", text: error?.message ?? "failed" };
  if (status === "blocked") return { kind: "words", text: `blocked: needs ${dependsOn.join(", ")}` };
  if (status === "skipped") return { kind: "words", text: "skipped by hand" };
  if (status === "done") return { kind: "words", text: stat === null ? "done" : changed(stat) };
  if (status === "pending")
    return { kind: "words", text: dependsOn.length === 0 ? "to do" : `after ${dependsOn.join(", ")}` };
  if (retry !== null)
    return {
      kind: "error",
      text: `again in ${duration(retry.at - now)}: ${retry.error?.message ?? "an attempt failed"}`,
    };
  return line === null ? { kind: "words", text: subtaskPhase(phase) } : { kind: "speech", text: line };
}

export function changed({
  files,
  insertions,
  deletions,
}: {
  files: number;
  insertions: number;
  deletions: number;
}): string {
  return `+${insertions} −${deletions} in ${many(files, "file")}`;
}
