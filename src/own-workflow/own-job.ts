/** Which file a job's workflow is in: it stands in the job's labels from the start, and can be told anew by a person. */

import { UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { isPlainObject, type Json } from "../core/json.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { knownEvents } from "./known-events.ts";
import { loadOwnWorkflow, type OwnWorkflow } from "./load-workflow.ts";

interface ModuleRecord {
  readonly path: string;
  readonly hash: string;
  /** What its machine can be told; null: anything. */
  readonly events: readonly string[] | null;
}

const NOTE = "workflow-module";

/** Committed with the job. */
export function ownLabels(own: OwnWorkflow): Readonly<Record<string, string>> {
  const { path, hash, events } = recordOf(own);
  return { workflowFile: path, workflowHash: hash, workflowEvents: JSON.stringify(events) };
}

function recordOf({ path, hash, definition }: OwnWorkflow): ModuleRecord {
  return { path, hash, events: knownEvents(definition.machine) };
}

/** Null for a job whose workflow is orch's own, or another program's. */
export function moduleOf(store: Store, { id, labels }: JobRecord): ModuleRecord | null {
  const note = store.getNote(id, NOTE);
  if (isPlainObject(note)) return note as unknown as ModuleRecord;
  const { workflowFile: path, workflowHash: hash, workflowEvents: events = "null" } = labels;
  return path === undefined || hash === undefined
    ? null
    : { path, hash, events: JSON.parse(events) as string[] | null };
}

/**
 * Loads the workflow that the job began with, from where it was.
 *
 * @param chosen a file that a person says it is now: it is remembered
 * @throws UsageError `workflow-file-gone`, `workflow-file-changed`, `workflow-of-program`, and as `loadOwnWorkflow`: the job
 * stays as it is
 */
export async function loadWorkflowOf(store: Store, job: JobRecord, chosen?: string): Promise<OwnWorkflow> {
  const record = moduleOf(store, job);
  if (chosen !== undefined) {
    const own = await loadOwnWorkflow(chosen);
    const { path, hash, definition } = own;
    if (definition.name !== job.workflow) {
      throw new UsageError(
        `${printable(path, 500)} is the workflow "${definition.name}", job ${job.id} is of "${printable(job.workflow)}"`,
        { code: "job-of-other-workflow", hint: "give the file of the workflow that the job began with" },
      );
    }
    if (record?.path !== path || record.hash !== hash) {
      store.putNote({ jobId: job.id, name: NOTE, content: { ...recordOf(own) } as unknown as Json });
    }
    return own;
  }
  if (!record) {
    throw new UsageError(`job ${job.id} is of the workflow "${printable(job.workflow)}", which another program has`, {
      code: "workflow-of-program",
      hint: `go on with it from there, or name its file: orch resume ${job.id} --workflow <file>`,
    });
  }
  const own = await loadKnown(job.id, record);
  if (own.hash === record.hash) return own;
  throw new UsageError(
    `the workflow of job ${job.id} has changed: ${printable(record.path, 500)}, or what it imports, is not as it was`,
    {
      code: "workflow-file-changed",
      hint: `put it back as it was; or, if the job is to go on with what it is now: orch resume ${job.id} --workflow ${printable(record.path, 500)}`,
    },
  );
}

async function loadKnown(jobId: string, { path }: ModuleRecord): Promise<OwnWorkflow> {
  try {
    return await loadOwnWorkflow(path);
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== "workflow-file-missing") throw error;
    throw new UsageError(`the workflow of job ${jobId} is not at ${printable(path, 500)} any more`, {
      code: "workflow-file-gone",
      hint: `nothing of the job is lost: put the file back, or say where it is now: orch resume ${jobId} --workflow <file>`,
      cause: error,
    });
  }
}
