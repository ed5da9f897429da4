/** Runs a job in front of the user's eyes: what `orch run` and `orch resume` have in common. */

import { errorMessage, OrchError } from "../core/errors.ts";
import { viewJob } from "../jobs/job-view.ts";
import { findJob, finishedEvent } from "../jobs/jobs.ts";
import type { Orch } from "../orch.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { EXIT, type ExitCode } from "./command.ts";
import { endLines } from "./format/end-lines.ts";
import { choosePaint } from "./format/paint.ts";
import { planLines } from "./format/plan-lines.ts";
import { createJobPrinter, type JobPrinter } from "./job-printer.ts";
import { openPrices } from "./open-prices.ts";
import type { Session } from "./session.ts";
import { StopSignals } from "./stop-signals.ts";

export async function runJob(orch: Orch, jobId: string, session: Session): Promise<ExitCode> {
  const begunAt = Date.now();
  const view = () => viewJob(orch.store, findJob(orch.store, jobId), Date.now(), orch.pricesOf);
  const before = view();
  const printer = await createJobPrinter(session, jobId, before.subtasks);
  using stops = stopSignals(printer, jobId);
  session.stdout.onGone(() => session.stderr.line(`orch: nobody reads the output any more; job ${jobId} goes on`));
  const paint = choosePaint(session.stdout.stream, session.environment);
  // Whoever comes to a job that waits has not seen its plan.
  let isPlanUnseen = before.phase === "awaitingApproval" && !session.json;
  try {
    const job = await orch.run(jobId, {
      signal: stops.signal,
      onEvent: (event) => {
        if (event.type === "job.waiting" && isPlanUnseen) {
          isPlanUnseen = false;
          printer.note(planLines(before.summary, before.subtasks, paint));
        }
        printer.event(event);
      },
    });
    printer.close();
    if (!session.json) {
      session.stdout.lines(endLines(view(), { directory: session.directory, tookMs: Date.now() - begunAt }, paint));
    }
    return exitCode(job.status);
  } catch (error) {
    throw stillResumable(error, jobId);
  } finally {
    printer.close();
  }
}

/** What came of a job that has settled, for which nothing waits to be done: it takes no key and no Codex to say it. */
export function tellSettled(store: Store, job: JobRecord, session: Session): ExitCode {
  if (session.json) session.stdout.lines([JSON.stringify(finishedEvent(store, job, openPrices(session)))]);
  else {
    const paint = choosePaint(session.stdout.stream, session.environment);
    const facts = { directory: session.directory, tookMs: job.updatedAt - job.createdAt };
    session.stdout.lines(endLines(viewJob(store, job, Date.now(), openPrices(session)), facts, paint));
  }
  return exitCode(job.status);
}

function stopSignals(printer: JobPrinter, jobId: string): StopSignals {
  return new StopSignals(
    () => {
      printer.note([`stopping job ${jobId}; it can be gone on with: orch resume ${jobId}`]);
      printer.stopping();
    },
    () => {
      printer.close();
      printer.note([`stopped at once; go on with: orch resume ${jobId}`]);
    },
  );
}

/** A full disk, a lost mount, a bug: the run is over, the job is not. */
function stillResumable(error: unknown, jobId: string): OrchError {
  if (error instanceof OrchError && !error.code.startsWith("database-")) return error;
  if (error instanceof OrchError) {
    return new OrchError(`the work on job ${jobId} broke off: ${error.message}`, {
      code: error.code,
      hint: `${error.hint}; what was committed is kept: go on with: orch resume ${jobId}`,
      cause: error,
    });
  }
  return new OrchError(`the work on job ${jobId} broke off: ${errorMessage(error)}`, {
    code: "run-broke-off",
    hint: `what was committed is kept: see to the cause, then go on with: orch resume ${jobId}`,
    cause: error,
  });
}

function exitCode(status: string): ExitCode {
  switch (status) {
    case "done":
      return EXIT.ok;
    case "failed":
    case "cancelled":
      return EXIT.failed;
    default:
      return EXIT.interrupted;
  }
}
