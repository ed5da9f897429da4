/**
 * The public API. Each name is here on purpose, and `src/index.test.ts` holds the list: what is exported is kept from one
 * minor version to the next.
 */

export { type AbortReason, type Activity, ActivityAborted, type ActivityContext } from "./core/activity.ts";
export type { CodingActivities, CodingJobInput as RepositoryJobInput, Repository, Worktree } from "./core/coding.ts";
// Errors and plain data.
export { type ErrorData, OrchError, type OrchErrorOptions, UsageError } from "./core/errors.ts";
export type { Json } from "./core/json.ts";
export type { LogFields, Logger } from "./core/log.ts";
export type { JobEvent } from "./core/protocol.ts";
export type { TokenUsage } from "./core/usage.ts";
export type { DispatchEvent, SourceEvent } from "./dispatch/dispatch-event.ts";
export type { DispatchedJobs } from "./dispatch/dispatched-jobs.ts";
export { createEnvironmentTaskSource } from "./dispatch/environment-source.ts";
export { createInMemoryTaskSource, type InMemoryTask } from "./dispatch/in-memory-source.ts";
export { type DispatcherOptions, type DispatchSummary, runTaskDispatcher } from "./dispatch/run-task-dispatcher.ts";
export type { TaskReporter } from "./dispatch/task-reporter.ts";
export type { Task, TaskSource } from "./dispatch/task-source.ts";
export { createTelegram, type TelegramOptions } from "./dispatch/telegram/create-telegram.ts";
export { type ActivityLogic, activity, childWorkflow } from "./engine/declare-activity.ts";
export {
  type ActivitiesOf,
  defineWorkflow,
  type TypedActivity,
  type WorkflowDefinition,
  type WorkflowEvent,
  type WorkflowInput,
  type WorkflowOutput,
  type WorkflowParams,
} from "./engine/define-workflow.ts";
export type { ActivityDefinition, RetryPolicy, Workflow } from "./engine/workflow.ts";
// One coding job as a call, as with Codex Orchestrator.
export type { CodingOptions } from "./library/coding-options.ts";
// Durable workflows of one's own.
export {
  createEngine,
  type DurableEngine,
  type DurableEngineOptions,
  type StartOptions,
} from "./library/durable-engine.ts";
export type { DurableJob, JobEntry, JobStanding, SignalOptions } from "./library/durable-job.ts";
// Tasks as they come.
export { type CodingJobs, openCodingJobs } from "./library/open-coding-jobs.ts";
export { type OpenStore, openStore } from "./library/open-store.ts";
export {
  type OrchestratorResult,
  type OrchestratorRun,
  type OrchestratorRunOptions,
  type OrchestratorSignal,
  type OrchestratorSubtask,
  type RunOptions,
  resumeOrchestrator,
  runOrchestrator,
} from "./library/run-orchestrator.ts";
export { codingActivity } from "./own-workflow/coding-activity.ts";
export type { JobRecord, JobStatus, Store } from "./store/store.ts";
