/** What is lost by an action, asked before it is done. Null where nothing is. Pure. */

import type { ActionName, JobHead } from "../../../../src/core/protocol/jobs.ts";

export interface Confirmation {
  readonly title: string;
  readonly words: string;
  readonly confirm: string;
  readonly isDanger: boolean;
}

export function confirmationOf(action: ActionName, subtaskId: string | undefined, job: JobHead): Confirmation | null {
  if (action === "cancel") {
    const { running, done } = job.progress;
    return {
      title: "Cancel this job?",
      words: `A cancelled job does not go on.${running > 0 ? ` The agents of ${running === 1 ? "1 subtask" : `${running} subtasks`} are stopped.` : ""}${done > 0 ? " What was finished stays on its branches, but no result is made of it." : ""} Its history stays, and you can fork it from any point.`,
      confirm: "Cancel the job",
      isDanger: true,
    };
  }
  if (action === "skip") {
    return {
      title: `Go on without ${subtaskId}?`,
      words: "The result will not hold its work. Subtasks that depend on it begin without it.",
      confirm: "Skip it",
      isDanger: true,
    };
  }
  return null;
}
