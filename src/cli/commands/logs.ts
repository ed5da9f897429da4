/** `orch logs <job>`: the job's log, or with `--subtask` what its agents said and did. */

import { setTimeout as wait } from "node:timers/promises";
import { RESULT } from "../../jobs/job-turns.ts";
import { viewJob } from "../../jobs/job-view.ts";
import { findSubtask } from "../../jobs/job-words.ts";
import { findJob, hasSettled, inputOf } from "../../jobs/jobs.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { defineOrchCommand, EXIT, jobArgument } from "../command.ts";
import { JobLogSource, type LogSource, TurnsSource } from "../log-source.ts";
import { withJob } from "../open-jobs.ts";
import type { Session } from "../session.ts";

const POLL_MS = 300;

export const logs = defineOrchCommand({
  args: {
    job: jobArgument,
    follow: { type: "boolean", alias: "f", description: "Go on until the job has settled." },
    subtask: {
      type: "string",
      valueHint: "id",
      description: `What the agents of that subtask did. "${RESULT}": those that merged and repaired the result.`,
    },
  },
  run: (args, session) =>
    withJob(session, args.job, async (store, job) => {
      await using source = openSource(store, job, args.subtask);
      if (args.follow) await follow(store, job.id, source, session);
      else if (!(await print(source, session))) session.stderr.line(source.whenEmpty);
      return EXIT.ok;
    }),
});

function openSource(store: Store, job: JobRecord, subtaskId: string | undefined): LogSource {
  if (subtaskId === undefined) return new JobLogSource(inputOf(job).repository.root, job.id);
  const part = subtaskId === RESULT ? RESULT : findSubtask(viewJob(store, job, Date.now()), subtaskId).id;
  return new TurnsSource(store, job, part);
}

async function follow(store: Store, jobId: string, source: LogSource, session: Session): Promise<void> {
  let isGone = false;
  session.stdout.onGone(() => {
    isGone = true;
  });
  const { state, runBy } = viewJob(store, findJob(store, jobId), Date.now());
  if ((state === "interrupted" || state === "waiting") && runBy === null) {
    session.stderr.line(`nobody runs job ${jobId} now; go on with it by "orch resume ${jobId}"`);
  }
  while (!isGone) {
    // Asked before the reading: what was written before it settled is then read for certain.
    const isOver = hasSettled(findJob(store, jobId));
    await print(source, session);
    if (isOver) return;
    await wait(POLL_MS);
  }
}

/** False if there was nothing. */
async function print(source: LogSource, session: Session): Promise<boolean> {
  const lines = await source.read();
  session.stdout.lines(lines);
  return lines.length > 0;
}
