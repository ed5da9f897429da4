/** What a job paid the model for, and whether it paid for anything twice. */

import { type AskedAgain, askedAgain, type RequestRecord } from "../../src/scripted-model/records.ts";
import type { Report } from "./point.ts";

export type Kill = NonNullable<Report["landed"]>;

export interface Payment {
  /** Answers that were written whole. */
  readonly paid: number;
  readonly paidTwice: number;
  /** Answers that had not reached the disk when the process that had asked was killed, and were asked for again. */
  readonly lostOnTheWay: readonly string[];
  /** Turns whose Codex had its last answer, and was killed before it said so: it was asked for a last word. */
  readonly lastWords: readonly string[];
  readonly problem: string | null;
}

/** @param expected how many answers the undisturbed job pays for; null if that cannot be compared */
export function judgePayment(params: {
  readonly records: readonly RequestRecord[];
  readonly kills: readonly Kill[];
  readonly expected: number | null;
}): Payment {
  const { records, kills, expected } = params;
  const paid = records.filter(({ completed }) => completed).length;
  const again = askedAgain(records, { acrossThreads: true });
  const lost = again.filter((one) => wasOnItsWay(one, records, kills));
  const words = again.filter((one) => !lost.includes(one) && isLastWord(one, records, kills));
  const surplus = expected === null ? 0 : paid - expected;
  const paidTwice = Math.max(extra(again), surplus) - extra(lost) - extra(words);
  const named = again.map((one) => whenAsked(one, records, kills)).join(", ");
  return {
    paid,
    paidTwice,
    lostOnTheWay: lost.map(stepName),
    lastWords: words.map(stepName),
    problem: paidTwice > 0 ? `${paidTwice} paid twice: ${named || `${paid} answers, and not ${expected}`}` : null,
  };
}

/**
 * Whether the answer was out, but not on the disk of who had asked: of the planner's when the orchestrator had written
 * nothing since, of Codex's when the killed one had not written it down in its thread.
 */
function wasOnItsWay({ requests }: AskedAgain, records: readonly RequestRecord[], kills: readonly Kill[]): boolean {
  const earlier = records.filter(({ n }) => requests.slice(0, -1).includes(n));
  return earlier.every((record) =>
    kills.some((kill) => {
      if (record.at > kill.at) return false;
      if (record.client === "planner") return (record.endedAt ?? kill.at) >= kill.lastWriteAt;
      return kill.killed.length > 0 && !kill.kept.some((answer) => isAnswerTo(answer, record));
    }),
  );
}

/**
 * Whether nothing was asked again but "go on", of a Codex that was killed between its last answer and the word that its
 * turn is done: only it could know that no command would follow.
 */
function isLastWord({ requests }: AskedAgain, records: readonly RequestRecord[], kills: readonly Kill[]): boolean {
  const [first, ...later] = records.filter(({ n }) => requests.includes(n));
  if (!first || later.length > kills.length || later.some(({ again }) => again !== "continued")) return false;
  return kills.some(
    ({ at, killed, unended }) => killed.length > 0 && first.at <= at && unended.includes(first.threadId ?? ""),
  );
}

function isAnswerTo(answer: string, { threadId, turn, step }: RequestRecord): boolean {
  return ["call", "msg"].some((kind) => answer.startsWith(`${threadId} ${kind}_${turn}_${step}_`));
}

/** For whoever looks into it: when its answers were out, against the first kill. */
function whenAsked(one: AskedAgain, records: readonly RequestRecord[], [kill]: readonly Kill[]): string {
  const times = one.requests.map((n) => {
    const record = records.find((record) => record.n === n);
    const why = record?.again ? ` (${record.again})` : "";
    return `${(record?.endedAt ?? 0) - (kill?.at ?? 0)} ms${why}`;
  });
  return `${stepName(one)} (answered ${times.join(" and ")} after the kill)`;
}

const extra = (all: readonly AskedAgain[]): number => all.reduce((sum, { requests }) => sum + requests.length - 1, 0);

const stepName = ({ turn, step }: AskedAgain): string => `${turn} step ${step}`;
