/** One run of the matrix: a job that is killed at one point, or at a second one while it resumes, and what became of it. */

import type { Script } from "../../src/scripted-model/script.ts";
import { inspect } from "./inspect.ts";
import { judgePayment, type Kill } from "./payment.ts";
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
  /** Turns whose Codex had its last answer, and was killed before it said so: it was asked for a last word. */
  readonly lastWords: readonly string[];
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
  return {
    script,
    passed: report.passed,
    tree,
    paid: world.model.requests.filter(({ completed }) => completed).length,
  };
}

export async function runScenario(calm: Calm, scenario: Scenario): Promise<Verdict> {
  await using world = await World.make(calm.script);
  const problems: string[] = [];
  const kills: Kill[] = [];
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
  const { paid, paidTwice, lostOnTheWay, lastWords, problem } = judgePayment({
    records: world.model.requests,
    kills,
    // A Codex that goes on with its thread may be asked for a last word once more: only the steps are compared there.
    expected: victims === "orchestrator" ? calm.paid : null,
  });
  return {
    scenario,
    landed: kills.length,
    sameTree: found.sameTree,
    paid,
    paidTwice,
    lostOnTheWay,
    lastWords,
    processesLeft: found.processesLeft,
    worktreesLeft: found.worktreesLeft,
    problems: [...problems, ...(problem === null ? [] : [problem]), ...found.problems],
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

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-3).join(" | ").slice(-600);
}
