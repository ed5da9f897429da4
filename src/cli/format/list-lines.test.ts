import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { Cost } from "../../core/cost.ts";
import { listLines } from "./list-lines.ts";
import { coloured, plain } from "./paint.ts";
import { textWidth } from "./text-width.ts";

const begun = new Date(2030, 0, 31, 9, 5).getTime();
const job = (id: string, state: "done" | "failed", task: string) => ({
  ...{
    id,
    workflow: "coding-job",
    state,
    task,
    runBy: null,
    repository: "/work/repo",
    createdAt: begun,
    updatedAt: begun,
  },
  cost: null as Cost | null,
});

test("jobs are listed as a table", () => {
  expect(listLines([job("b", "failed", "Second\ntask"), job("a", "done", "First task")], undefined, plain)).toEqual([
    "JOB  STATE   BEGUN             TASK         REPOSITORY",
    "b    failed  2030-01-31 09:05  Second task  /work/repo",
    "a    done    2030-01-31 09:05  First task   /work/repo",
  ]);
});

test("without jobs it says how to begin one", () => {
  expect(listLines([], 80, plain)).toEqual(['no jobs yet: begin one with orch run "<task>"']);
});

test("on a terminal the state alone has the state's colour, and the task gives way", () => {
  const [, line = ""] = listLines([job("done", "done", "x".repeat(200))], 70, coloured);
  expect(line.split(coloured("green", "done"))).toHaveLength(2);
  expect(line.startsWith(`done  ${coloured("green", "done")}`)).toBe(true);
  expect(textWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(70);
});

test("with prices each job shows what it cost, as far as it is known", () => {
  const cost = (amount: number, ...unpriced: string[]): Cost => ({ amount, currency: "USD", unpriced });
  const jobs = [
    { ...job("c", "done", "Third"), cost: cost(0, "codex") },
    { ...job("b", "done", "Second"), cost: cost(0.5, "codex") },
    { ...job("a", "done", "First"), cost: cost(1.25) },
  ];
  expect(listLines(jobs, undefined, plain)).toEqual([
    "JOB  STATE  BEGUN             COST    TASK    REPOSITORY",
    "c    done   2030-01-31 09:05          Third   /work/repo",
    "b    done   2030-01-31 09:05  $0.50+  Second  /work/repo",
    "a    done   2030-01-31 09:05  $1.25   First   /work/repo",
  ]);
});
