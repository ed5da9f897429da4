/** The public API by name: whoever changes it sees it here, and so does the review. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const VALUES = [
  "ActivityAborted",
  "OrchError",
  "UsageError",
  "activity",
  "childWorkflow",
  "codingActivity",
  "createEngine",
  "createEnvironmentTaskSource",
  "createInMemoryTaskSource",
  "createTelegram",
  "defineWorkflow",
  "openCodingJobs",
  "openStore",
  "resumeOrchestrator",
  "runOrchestrator",
  "runTaskDispatcher",
];

const TYPES = [
  "AbortReason",
  "ActivitiesOf",
  "Activity",
  "ActivityContext",
  "ActivityDefinition",
  "ActivityLogic",
  "CodingActivities",
  "CodingJobs",
  "CodingOptions",
  "DispatchEvent",
  "DispatchSummary",
  "DispatchedJobs",
  "DispatcherOptions",
  "DurableEngine",
  "DurableEngineOptions",
  "DurableJob",
  "ErrorData",
  "InMemoryTask",
  "JobEntry",
  "JobEvent",
  "JobRecord",
  "JobStanding",
  "JobStatus",
  "Json",
  "LogFields",
  "Logger",
  "OpenStore",
  "OrchErrorOptions",
  "OrchestratorResult",
  "OrchestratorRun",
  "OrchestratorRunOptions",
  "OrchestratorSignal",
  "OrchestratorSubtask",
  "Repository",
  "RepositoryJobInput",
  "RetryPolicy",
  "RunOptions",
  "SignalOptions",
  "SourceEvent",
  "StartOptions",
  "Store",
  "Task",
  "TaskReporter",
  "TaskSource",
  "TelegramOptions",
  "TokenUsage",
  "TypedActivity",
  "Workflow",
  "WorkflowDefinition",
  "WorkflowEvent",
  "WorkflowInput",
  "WorkflowOutput",
  "WorkflowParams",
  "Worktree",
];

test("the package exports these values, and no others", async () => {
  expect(Object.keys(await import("./index.ts")).sort()).toEqual(VALUES);
});

test("the package exports these types, and no others", () => {
  expect(exportedTypes(readFileSync(join(import.meta.dirname, "index.ts"), "utf8"))).toEqual(TYPES);
});

/** Only lists of names stand in that file: `export { a, type B }` and `export type { C }`. */
function exportedTypes(source: string): string[] {
  const exports = [...source.matchAll(/^export (type )?\{([^}]*)\} from "[^"]+";$/gm)];
  expect(source.match(/^export /gm)).toHaveLength(exports.length);
  return exports
    .flatMap(([, type, names = ""]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && (type !== undefined || name.startsWith("type ")))
        .map((name) => name.replace(/^type /, "").replace(/^\w+ as /, "")),
    )
    .sort();
}
