/** One run of the matrix: a job that is killed at one point, or at a second one while it resumes, and what became of it. */

import { type AskedAgain, askedAgain, type RequestRecord } from "../../src/scripted-model/records.ts";
import type { Script } from "../../src/scripted-model/script.ts";
import { inspect } from "./inspect.ts";
import { formatPoint, type Passed, type Point, type Report, type Victims } from "./point.ts";
import { type Ended, promptScript, World } from "./world.ts";

export interface Scenario {
  readonly first: Point;
  /** Where the resume is killed, too. */
  readonly second: Point | null;
  readonly victims: Victims;
}

/** A job that nobody disturbs: what all others are held against. */
export interface Calm {
  readonly script: Script;
  readonly passed: readonly Passed[];
  readonly tree: string;
  /** How many answers it pays for. */
  readonly paid: number;
}

export interface Verdict {
  readonly scenario: Scenario;
  /** How many kills landed where they were meant to. With none, the job just ended: its point never came. */
  readonly landed: number;
  readonly sameTree: boolean;
  readonly paid: number;
  readonly paidTwice: number;
  /** Answers that had not reached the disk when the process that had asked was killed, and were asked for again. */
  readonly lostOnTheWay: readonly string[];
  readonly processesLeft: number;
  readonly worktreesLeft: number;
  /** Everything that is not as it should be. */
  readonly problems: readonly string[];
}

export function formatScenario({ first, second, victims }: Scenario): string {
  const then = second ? ` --then "${formatPoint(second)}"` : "";
  return `--point "${formatPoint(first)}"${then}${victims === "orchestrator" ? "" : ` --victims ${victims}`}`;
}

/** @throws Error if the job does not even come to its end undisturbed */
export async function runCalm(): Promise<Calm> {
  const script = await promptScript();
  await using world = await World.make(script);
  const { code, output, report } = await world.orch("run", { point: null, victims: "orchestrator" });
  const tree = world.resultTree("repository");
  if (code !== 0 || !report || tree === null) throw new Error(`the undisturbed job failed:\n${output}`);
  const { problems } = inspect(world, tree);
  if (problems.length > 0) throw new Error(`the undisturbed job left things behind: ${problems.join("; ")}`);
  return { script, passed: report.passed, tree, paid: paidFor(world).length };
}

export async function runScenario(calm: Calm, scenario: Scenario): Promise<Verdict> {
  await using world = await World.make(calm.script);
  const problems: string[] = [];
  const kills: NonNullable<Report["landed"]>[] = [];
  const { victims } = scenario;
  const attempt = async (command: "run" | "resume", point: Point | null) => {
    const end = await world.orch(command, { point, victims });
    const landed = landedAt(end, point, victims);
    if (landed) kills.push(landed);
    const isDead = victims !== "codex" && landed !== null;
    const shouldBe = isDead ? end.signal === "SIGKILL" : end.code === 0 || saysNoJob(end);
    if (!shouldBe) problems.push(`orch ${command} ended with ${end.signal ?? end.code}: ${lastLines(end.output)}`);
    return { isOver: !isDead, ...end };
  };

  let end = await attempt("run", scenario.first);
  for (let second = scenario.second; !end.isOver && problems.length === 0; second = null) {
    end = await attempt("resume", second);
    // It was killed before the job was made: nothing was begun, and nothing is lost.
    if (saysNoJob(end)) end = await attempt("run", null);
  }

  const found = inspect(world, calm.tree);
  const again = askedAgain(world.model.requests, { acrossThreads: true });
  const lost = again.filter((one) => wasOnItsWay(one, world.model.requests, kills));
  const paid = paidFor(world).length;
  // A Codex that goes on with its thread may be asked for a last word once more: only the steps are compared there.
  const surplus = victims === "orchestrator" ? paid - calm.paid : 0;
  const paidTwice = Math.max(again.length, surplus) - lost.length;
  if (paidTwice > 0) {
    problems.push(
      `${paidTwice} paid twice: ${again.map((one) => whenAsked(one, world.model.requests, kills)).join(", ") || `${paid} answers`}`,
    );
  }
  return {
    scenario,
    landed: kills.length,
    sameTree: found.sameTree,
    paid,
    paidTwice,
    lostOnTheWay: lost.map(stepName),
    processesLeft: found.processesLeft,
    worktreesLeft: found.worktreesLeft,
    problems: [...problems, ...found.problems],
  };
}

/** The kill, if it was done at that very point, and on somebody. */
function landedAt(
  { report }: { readonly report: Report | null },
  point: Point | null,
  victims: Victims,
): Report["landed"] {
  const landed = report?.landed ?? null;
  if (!landed || !point || formatPoint(landed.point) !== formatPoint(point)) return null;
  return victims === "codex" && landed.killed.length === 0 ? null : landed;
}

function saysNoJob({ code, output }: Ended): boolean {
  return code === 2 && output.includes('"job-unknown"');
}

function paidFor(world: World): readonly RequestRecord[] {
  return world.model.requests.filter(({ completed }) => completed);
}

/**
 * Whether the answer was out, but not yet on the disk of who had asked: of the planner's when the orchestrator had
 * written nothing since, of Codex's when it was killed with the newest answer of its thread just received.
 */
function wasOnItsWay(
  { requests }: AskedAgain,
  records: readonly RequestRecord[],
  kills: readonly NonNullable<Report["landed"]>[],
): boolean {
  const earlier = records.filter(({ n }) => requests.slice(0, -1).includes(n));
  return earlier.every((record) =>
    kills.some((kill) => {
      if (record.at > kill.at) return false;
      const end = record.endedAt ?? Number.POSITIVE_INFINITY;
      if (record.client === "planner") return end >= kill.lastWriteAt;
      const isNewest = !records.some(
        ({ n, at, threadId }) => n > record.n && at <= kill.at && threadId === record.threadId,
      );
      return kill.killed.length > 0 && isNewest && end >= kill.at - CODEX_WRITES_MS;
    }),
  );
}

/** Codex keeps its thread a moment after an answer; on a busy machine the moment is long. */
const CODEX_WRITES_MS = 1_000;

/** For whoever looks into it: when its answers were out, against the first kill. */
function whenAsked(
  one: AskedAgain,
  records: readonly RequestRecord[],
  [kill]: readonly NonNullable<Report["landed"]>[],
): string {
  const times = one.requests.map((n) => {
    const record = records.find((record) => record.n === n);
    return `${(record?.endedAt ?? 0) - (kill?.at ?? 0)} ms`;
  });
  return `${stepName(one)} (answered ${times.join(" and ")} after the kill)`;
}

const stepName = ({ turn, step }: AskedAgain): string => `${turn} step ${step}`;

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-3).join(" | ").slice(-600);
}
