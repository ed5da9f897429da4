/** `orch signal <job> <event> [fields]`: commits an event for the job's machine, whatever that knows. */

import { codingJob } from "../../../workflows/coding-job.ts";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { isPlainObject, type Json } from "../../core/json.ts";
import { nearest } from "../../core/nearest.ts";
import { type JobView, viewJob } from "../../jobs/job-view.ts";
import { signalJob } from "../../jobs/jobs.ts";
import { knownEvents } from "../../own-workflow/known-events.ts";
import { defineOrchCommand, EXIT, jobArgument } from "../command.ts";
import { withJob } from "../open-jobs.ts";
import { whatNext } from "../tell-job.ts";
import { wrongUsage } from "../wrong-usage.ts";

/** What the engine says itself, nobody else may; and its words have commands of their own. */
const OWN_OF_ENGINE = /^$|\*|^(xstate|orch)\./;

export const signal = defineOrchCommand({
  args: {
    job: jobArgument,
    event: { type: "positional", required: true, description: "Type of the event, such as review.approve." },
    fields: {
      type: "positional",
      required: false,
      description: 'What it carries, a JSON object: \'{"words": "shorter"}\'.',
    },
    id: { type: "string", valueHint: "id", description: "An event with the same id is taken once." },
  },
  run: (args, session) => {
    const event = toEvent(args.event, args.fields);
    return withJob(session, args.job, (store, record) => {
      const job = viewJob(store, record, Date.now());
      refuseUnknown(job, args.event);
      signalJob(store, record.id, event, session.redact, ...idOf(args.id));
      session.stdout.lines([
        `job ${job.id} is told "${printable(args.event)}": its machine takes it once it waits for it`,
        whatNext(job),
      ]);
      return EXIT.ok;
    });
  },
});

/** A word that its machine can never take would be kept for it for ever. @throws UsageError `event-unknown` */
function refuseUnknown({ id, own }: JobView, type: string): void {
  const known = own ? own.events : knownEvents(codingJob.machine);
  if (known === null || known.includes(type)) return;
  const meant = nearest(type, known);
  throw new UsageError(`the machine of job ${id} knows no event "${printable(type)}"`, {
    code: "event-unknown",
    hint: meant ? `did you mean ${meant}?` : `it knows ${known.join(", ") || "none"}`,
  });
}

/** Kept apart from the ids that the engine gives. */
function idOf(id: string | undefined): [id: string] | [] {
  return id === undefined ? [] : [`word-${id}`];
}

function toEvent(type: string, fields = "{}"): { readonly type: string } & Readonly<Record<string, Json>> {
  if (OWN_OF_ENGINE.test(type)) {
    throw new UsageError(`"${printable(type)}" is not an event that can be sent to a job`, {
      code: "bad-signal",
      hint: "give the type of an event that its machine knows; to end, pause or go on with it: orch cancel, pause, continue",
    });
  }
  let carried: unknown;
  try {
    carried = JSON.parse(fields);
  } catch {
    carried = null;
  }
  if (isPlainObject(carried)) return { ...carried, type };
  throw wrongUsage(
    "what the event carries is not a JSON object",
    `for example: orch signal <job> ${printable(type)} '{"words": "shorter"}'`,
  );
}
