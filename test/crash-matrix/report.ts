/** What the matrix says: a line for each kind of point, what is wrong, and the sum. */

import type { PointName } from "./point.ts";
import { formatScenario, type Scenario, type Verdict } from "./scenario.ts";

export const HEADER = `The crash matrix: the real orch on the demo's job, with the real Codex and git, killed by SIGKILL.
A point is a place where the kill landed: before or after a commit or another write of the database, or an act outside.
Each is tried with one kill, and again with a second one while the job resumes. Paid: an answer of the model that was
written whole; paid twice: one of the same step in any thread. Processes: those that name the job's folder when the last
resume has ended. Worktrees left: folders that git does not know, and worktrees that git knows but half; the job's own
whole ones, which stay until they are cleaned up, are not counted. An answer that had come, but was not on the disk of who
had asked when that process was killed, may be asked for again, and a Codex that was killed between its last answer and
the word that it is done is asked for a last word: such are counted apart.`;

export interface Kind {
  readonly name: PointName;
  readonly scenarios: readonly Scenario[];
}

export function kindsOf(scenarios: readonly Scenario[]): readonly Kind[] {
  return [...Map.groupBy(scenarios, ({ first }) => first.name)].map(([name, all]) => ({ name, scenarios: all }));
}

const WIDTHS = [28, 12, 12, 12, 12] as const;
const COLUMNS = ["resumed, of points", "one kill", "two kills", "Codex", "both"];

export const KIND_HEADER = row(COLUMNS);

export function kindLine(name: PointName, verdicts: readonly Verdict[]): string {
  const cell = (isMeant: (scenario: Scenario) => boolean) => {
    const reached = verdicts.filter(({ scenario, landed }) => isMeant(scenario) && landed > 0);
    const good = reached.filter(({ problems }) => problems.length === 0);
    return reached.length === 0 ? "-" : `${good.length}/${reached.length}`;
  };
  return row([
    name,
    cell(({ victims, second }) => victims === "orchestrator" && !second),
    cell(({ victims, second }) => victims === "orchestrator" && second !== null),
    cell(({ victims }) => victims === "codex"),
    cell(({ victims }) => victims === "both"),
  ]);
}

export function troubleLines({ scenario, problems, lostOnTheWay, lastWords }: Verdict): string[] {
  const apart = [
    ...lostOnTheWay.map((step) => `on its way at the kill, and asked for again: ${step}`),
    ...lastWords.map((step) => `killed before it said that it was done, and asked for a last word: ${step}`),
  ].map((line) => `${line} (${formatScenario(scenario)})`);
  if (problems.length === 0) return apart;
  return [
    ...apart,
    `FAILED  npm run test:crash -- ${formatScenario(scenario)}`,
    ...problems.map((problem) => `        ${problem}`),
  ];
}

/** What the sum does not count, said beside it. */
export function notReachedLine(verdicts: readonly Verdict[], seconds: number): string {
  const none = verdicts.filter(({ landed }) => landed === 0).length;
  const onlyOne = verdicts.filter(({ scenario, landed }) => scenario.second && landed === 1).length;
  const lost = sum(verdicts, ({ lostOnTheWay }) => lostOnTheWay.length);
  const words = sum(verdicts, ({ lastWords }) => lastWords.length);
  return [
    `${Math.round(seconds)} s. Not counted: ${none} points that did not come in a run of their own`,
    `${onlyOne} second kills that did not come before the job was done`,
    `${lost} answers that were on their way to the disk at the kill and were asked for again`,
    `${words} last words`,
  ].join(", ");
}

export function summaryLine(verdicts: readonly Verdict[]): string {
  const points = verdicts.filter(({ landed }) => landed > 0);
  return [
    `${points.length} points`,
    `${points.filter(({ sameTree }) => sameTree).length} resumed to the same tree`,
    `${sum(points, ({ paid }) => paid)} turns paid`,
    `${sum(verdicts, ({ paidTwice }) => paidTwice)} paid twice`,
    `${sum(verdicts, ({ processesLeft }) => processesLeft)} processes left`,
    `${sum(verdicts, ({ worktreesLeft }) => worktreesLeft)} worktrees left`,
  ].join(", ");
}

function sum(verdicts: readonly Verdict[], of: (verdict: Verdict) => number): number {
  return verdicts.reduce((total, verdict) => total + of(verdict), 0);
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 12))
    .join("")
    .trimEnd();
}
