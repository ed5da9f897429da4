/** Where a dispatcher gets its tasks from. */

import type { SourceEvent } from "./dispatch-event.ts";

export interface Task {
  /**
   * The job that the task becomes, made of the source's own id for the task: the same task always names the same job, so
   * that it is made once, however often it is given.
   */
  readonly jobId: string;
  /** In the user's words. Null for a job that exists already and is to be gone on with. */
  readonly description: string | null;
  /** Short facts that are committed with the job: where its answer goes, for example. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Called when the job is on disk, or was there already: now the source may forget the task, not before. */
  readonly onTaken?: () => void | Promise<void>;
  /** Called instead if no job can be made of it: it is not offered again. */
  readonly onRefused?: (error: unknown) => void | Promise<void>;
}

export interface TaskSource {
  /** Of letters, digits and hyphens. It is the label `source` of its jobs: after a crash they are found by it. */
  readonly name: string;
  /**
   * Tasks of such a source become jobs as they come, and wait as jobs for their turn. Without it, a task is asked for
   * when there is room to work on it.
   */
  readonly takesAhead?: boolean;
  /**
   * The next task, as soon as there is one; null when none will come any more. It is called again only after the last
   * task was taken or refused. What it throws ends the dispatcher.
   *
   * @param signal aborted when the dispatcher stops; it may then throw, or return null
   */
  next(signal: AbortSignal, report: (event: SourceEvent) => void): Promise<Task | null>;
}
