/** The processes of jobs on this machine, as they are shown: whose they are, and what becomes of them. */

import { hostname } from "node:os";
import { effectId } from "../core/ids.ts";
import { parentOf, ROOT_ACTOR } from "../engine/actor-id.ts";
import { type JobProcess, listJobProcesses, lookAtProcess } from "../services/job-processes.ts";
import { isGone } from "../services/owner.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { RESULT } from "./job-turns.ts";
import { summarizeJob } from "./job-view.ts";
import { hasSettled, inputOf } from "./jobs.ts";

/**
 * `running`: its orchestrator lives. `orphan`: that is dead; when the job is resumed, an agent is adopted and a command
 * ended. `left-over`: its job is over, so nobody will ever want it. `unknown`: of a job that is not in this database.
 */
export type ProcessState = "running" | "orphan" | "left-over" | "unknown";

export interface ProcessView {
  readonly pid: number;
  /** `agent`: Codex; `command`: setup or verify. */
  readonly kind: "orchestrator" | "agent" | "command";
  readonly state: ProcessState;
  readonly jobId: string;
  readonly repository: string;
  /** The subtask that it works on; `result`: the job's own work; null where nobody knows, and for orchestrators. */
  readonly subtask: string | null;
  /** Its words; empty where the system doesn't tell. */
  readonly command: string;
  /** Milliseconds since the epoch; null where the system doesn't tell. */
  readonly startedAt: number | null;
  /** Whether a signal has stopped it (SIGSTOP). */
  readonly isStopped: boolean;
  /** Ids of what it has started in turn. */
  readonly started: readonly number[];
}

/** Of this machine and this user; by job, and within a job by subtask. `store`: null if there is no database. */
export function viewProcesses(store: Store | null, now: number): ProcessView[] {
  const views = [
    ...(store ? orchestrators(store) : []),
    ...trees(listJobProcesses()).map((tree) => view(store, tree, now)),
  ];
  return views.sort(
    (a, b) =>
      compare(a.repository, b.repository) ||
      compare(a.jobId, b.jobId) ||
      Number(b.kind === "orchestrator") - Number(a.kind === "orchestrator") ||
      compare(a.subtask ?? "", b.subtask ?? "") ||
      (a.startedAt ?? 0) - (b.startedAt ?? 0),
  );
}

const PAGE = 200;

/** Those that hold a job's lease. A process may hold several. */
function orchestrators(store: Store): ProcessView[] {
  const views: ProcessView[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const jobs = store.listJobs({ limit: PAGE, offset });
    for (const job of jobs) {
      if (!job.lease || job.lease.owner.host !== hostname() || isGone(job.lease.owner)) continue;
      const { pid } = job.lease.owner;
      views.push({
        ...{ pid, kind: "orchestrator", state: "running", jobId: job.id, repository: inputOf(job).repository.root },
        ...{ subtask: null, command: "", startedAt: null, isStopped: false, started: [] },
        ...lookAtProcess(pid),
      });
    }
    if (jobs.length < PAGE) return views;
  }
}

/** What one orchestrator started for one effect, each with what it started in turn. Never empty. */
function trees(processes: readonly JobProcess[]): [JobProcess, ...JobProcess[]][] {
  const byEffect = Map.groupBy(processes, ({ repository, effect, kind }) => [repository, kind, effect].join("\0"));
  return [...byEffect.values()].map((of) => {
    const root = of.find(({ isRoot }) => isRoot) ?? (of[0] as JobProcess);
    return [root, ...of.filter((one) => one !== root)];
  });
}

function view(store: Store | null, [root, ...started]: [JobProcess, ...JobProcess[]], now: number): ProcessView {
  const { identity, kind, jobId, repository, command, startedAt, isStopped } = root;
  const record = store?.getJob(jobId);
  const job = record && inputOf(record).repository.root === repository ? record : undefined;
  return {
    ...{ pid: identity.pid, kind, state: stateOf(job, now), jobId, repository },
    ...{ subtask: job && store ? subtaskOf(store, root) : null, command, startedAt, isStopped },
    started: started.map((one) => one.identity.pid),
  };
}

function stateOf(job: JobRecord | undefined, now: number): ProcessState {
  if (!job) return "unknown";
  if (summarizeJob(job, now).runBy) return "running";
  return hasSettled(job) && job.status !== "paused" ? "left-over" : "orphan";
}

function subtaskOf(store: Store, { kind, worktree, jobId, effect }: JobProcess): string | null {
  if (worktree !== null) return worktree.replace(/--\d+$/, "");
  const [, seq, index] = /^(\d+)-(\d+)$/.exec(effect.slice(jobId.length + 1)) ?? [];
  if (kind !== "agent" || seq === undefined) return null;
  const actorId = store.getActivity(effectId(jobId, Number(seq), Number(index)))?.actorId;
  return actorId === undefined ? null : partOf(actorId);
}

/** `job/parser/integration` is of `parser`; the job's own machine and the one that merges the result are of no subtask. */
function partOf(actorId: string): string {
  for (let parent = parentOf(actorId); parent; parent = parentOf(parent.actorId)) {
    if (parent.actorId === ROOT_ACTOR) return parent.invokeId === "integration" ? RESULT : parent.invokeId;
  }
  return RESULT;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
