/** How what a job does is written into its log: the same words as for programs, one line each. */

import type { LogFields, Logger } from "../core/log.ts";
import type { JobEvent } from "../core/protocol.ts";

export function logJobEvent(log: Logger, event: JobEvent): void {
  const { type, ...rest } = event;
  const level = "error" in rest && rest.error ? "error" : type === "progress" ? "debug" : "info";
  const fields = Object.entries(rest).flatMap(([key, value]) => (key === "jobId" ? [] : [[key, toField(value)]]));
  log[level](type, Object.fromEntries(fields) as LogFields);
}

function toField(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return JSON.stringify(value);
}
