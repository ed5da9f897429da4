/** An activity's context for tests: what a service tells the engine is kept, for the test to look at. */

import type { ActivityContext } from "../../core/activity.ts";
import type { Json } from "../../core/json.ts";
import { silentLogger } from "../../core/log.ts";
import type { TokenUsage } from "../../core/usage.ts";

export interface FakeContext extends ActivityContext {
  readonly heartbeats: Json[];
  readonly checkpoints: Json[];
  readonly usage: Map<string, TokenUsage>;
  readonly artifacts: Map<string, Json>;
}

/** `artifacts` may be shared by the contexts of one job. */
export function fakeContext(
  options: Partial<
    Pick<
      ActivityContext,
      | "jobId"
      | "effectId"
      | "invokeId"
      | "attempt"
      | "scheduledAt"
      | "lastHeartbeat"
      | "signal"
      | "holdsJob"
      | "log"
      | "redact"
    >
  > & {
    readonly artifacts?: Map<string, Json>;
  } = {},
): FakeContext {
  const jobId = options.jobId ?? "job-1";
  const heartbeats: Json[] = [];
  const checkpoints: Json[] = [];
  const usage = new Map<string, TokenUsage>();
  const artifacts = options.artifacts ?? new Map<string, Json>();
  return {
    jobId,
    effectId: options.effectId ?? `${jobId}:1:0`,
    invokeId: options.invokeId ?? "activity",
    attempt: options.attempt ?? 1,
    scheduledAt: options.scheduledAt ?? Date.UTC(2030, 0, 1),
    lastHeartbeat: options.lastHeartbeat,
    signal: options.signal ?? new AbortController().signal,
    holdsJob: options.holdsJob ?? (() => true),
    log: options.log ?? silentLogger,
    redact: options.redact ?? ((text) => text),
    heartbeats,
    checkpoints,
    usage,
    artifacts,
    heartbeat: (details) => heartbeats.push(details),
    checkpoint: async (details) => void checkpoints.push(details),
    recordUsage: (meter, figures) => usage.set(meter, figures),
    putArtifact: (name, content) => artifacts.set(name, content),
    getArtifact: (name) => artifacts.get(name),
  };
}
