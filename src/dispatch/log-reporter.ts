/** Writes `dispatcher.log`: what the dispatcher did, a line each. What goes on inside of a job is in the job's own log. */

import { join } from "node:path";
import type { Redact } from "../core/redact.ts";
import { openJobLog } from "../jobs/job-log.ts";
import { makeJobsFolder } from "../services/git/prepare-job.ts";
import type { DispatchEvent } from "./dispatch-event.ts";
import type { TaskReporter } from "./task-reporter.ts";

export const dispatcherLog = (repositoryRoot: string): string =>
  join(repositoryRoot, ".codex", "jobs", "dispatcher.log");

/** @throws UsageError `job-folder-in-the-way` */
export async function createLogReporter(
  repository: { readonly root: string; readonly gitDir: string },
  redact: Redact,
): Promise<TaskReporter> {
  await makeJobsFolder(repository);
  const log = openJobLog(dispatcherLog(repository.root), redact);
  return {
    name: "dispatcher.log",
    report: (event) => {
      if (!isToldHere(event)) return;
      const { type, ...rest } = event;
      const level =
        type.endsWith(".trouble") || type === "source.ignored"
          ? "warn"
          : "error" in rest && rest.error
            ? "error"
            : "info";
      log[level](type, Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, toField(value)])));
    },
  };
}

function isToldHere({ type }: DispatchEvent): boolean {
  return /^(?:dispatcher|task|source|reporter)\./.test(type) && type !== "task.moved";
}

function toField(value: unknown): string | number | boolean | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}
