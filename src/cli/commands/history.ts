/** `orch history <job>`: what happened, entry by entry; the numbers name the points of a job's life. */

import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { nearest } from "../../core/nearest.ts";
import { isWithin, ROOT_ACTOR } from "../../engine/actor-id.ts";
import { historyOf } from "../../jobs/job-history.ts";
import type { HistoryRecord, Store } from "../../store/store.ts";
import { defineOrchCommand, EXIT, jobArgument, jsonFlag } from "../command.ts";
import { historyLine } from "../format/history-lines.ts";
import { choosePaint } from "../format/paint.ts";
import { withJob } from "../open-jobs.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const history = defineOrchCommand({
  args: {
    job: jobArgument,
    actor: {
      type: "string",
      valueHint: "id",
      description: 'Only what happened to this actor and those below it: "job", or the id of a subtask.',
    },
    limit: { type: "string", valueHint: "number", description: "Only the newest entries, as many at most." },
    json: jsonFlag,
  },
  run: (args, session) =>
    withJob(session, args.job, (store, job) => {
      const { stdout, environment } = session;
      const limit = parseLimit(args.limit);
      const isMeant = chooseActor(store, job.id, args.actor);
      const actorIds = store.listActors(job.id).flatMap(({ id }) => (isMeant(id) ? [id] : []));
      const line = historyLine({ lastSeq: job.nextSeq - 1, actorIds }, choosePaint(stdout.stream, environment));
      // Of all actors' entries the newest are known by their numbers.
      const begin = args.actor === undefined && limit !== undefined ? Math.max(0, job.nextSeq - 1 - limit) : 0;
      for (const entry of newest(historyOf(store, job.id, begin), limit, ({ actorId }) => isMeant(actorId))) {
        if (session.json) stdout.json(toJson(entry));
        else stdout.line(line(entry));
      }
      if (job.nextSeq === 1 && !session.json) session.stderr.line(`nothing has happened to job ${job.id} yet`);
      return EXIT.ok;
    }),
});

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw wrongUsage("--limit is not a number of entries", "give a whole number, such as 50");
}

/** Without a limit each comes as it is read; with one, no more than those are held at once. */
function* newest<Entry>(
  entries: Iterable<Entry>,
  limit: number | undefined,
  isMeant: (entry: Entry) => boolean,
): Generator<Entry> {
  const kept: Entry[] = [];
  for (const entry of entries) {
    if (!isMeant(entry)) continue;
    if (limit === undefined) yield entry;
    else if (kept.push(entry) > 2 * limit) kept.splice(0, kept.length - limit);
  }
  if (limit !== undefined) yield* kept.slice(-limit);
}

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
