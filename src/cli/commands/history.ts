/** `orch history <job>`: what happened, entry by entry; the numbers name the points of a job's life. */

import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { isWithin, ROOT_ACTOR } from "../../engine/actor-id.ts";
import { historyOf } from "../../jobs/job-history.ts";
import type { HistoryRecord, Store } from "../../store/store.ts";
import { defineOrchCommand, EXIT, jobArgument, jsonFlag } from "../command.ts";
import { historyLine } from "../format/history-lines.ts";
import { choosePaint } from "../format/paint.ts";
import { nearest } from "../nearest.ts";
import { withJob } from "../open-jobs.ts";

export const history = defineOrchCommand({
  args: {
    job: jobArgument,
    actor: {
      type: "string",
      valueHint: "id",
      description: 'Only what happened to this actor and those below it: "job", or the id of a subtask.',
    },
    json: jsonFlag,
  },
  run: (args, session) =>
    withJob(session, args.job, (store, job) => {
      const { stdout, environment } = session;
      const isMeant = chooseActor(store, job.id, args.actor);
      const actorIds = store.listActors(job.id).flatMap(({ id }) => (isMeant(id) ? [id] : []));
      const line = historyLine({ lastSeq: job.nextSeq - 1, actorIds }, choosePaint(stdout.stream, environment));
      for (const entry of historyOf(store, job.id)) {
        if (!isMeant(entry.actorId)) continue;
        if (session.json) stdout.json(toJson(entry));
        else stdout.line(line(entry));
      }
      if (job.nextSeq === 1 && !session.json) session.stderr.line(`nothing has happened to job ${job.id} yet`);
      return EXIT.ok;
    }),
});

/** @throws UsageError `actor-unknown` */
function chooseActor(store: Store, jobId: string, asked: string | undefined): (actorId: string) => boolean {
  if (asked === undefined) return () => true;
  const ids = store.listActors(jobId).map(({ id }) => id);
  const id = [asked, `${ROOT_ACTOR}/${asked}`].find((name) => ids.includes(name));
  if (id === ROOT_ACTOR) return (actorId) => actorId === id;
  if (id !== undefined) return (actorId) => isWithin(actorId, id);
  const meant = nearest(asked, [...ids, ...ids.map((name) => name.slice(ROOT_ACTOR.length + 1))]);
  throw new UsageError(`job ${jobId} has no actor "${printable(asked)}"`, {
    code: "actor-unknown",
    hint: meant ? `did you mean ${printable(meant)}?` : `see them with "orch history ${jobId}"`,
  });
}

function toJson({ seq, at, actorId, event, state, effects }: HistoryRecord) {
  return { seq, at, actorId, event, state, effects };
}
