/** Where a turn keeps what it needs to be gone on with: a folder for the effect, in it one for each Codex process. */

import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ProcessIdentity } from "../process-identity.ts";

/** One Codex process of a turn. */
export interface TurnRun {
  /** 1 for the first. */
  readonly number: number;
  readonly folder: string;
  /** What it printed: `codex exec --json`. */
  readonly events: string;
  readonly stderr: string;
  /** What it was asked; its stdin. */
  readonly prompt: string;
  /** Which process it is. Written right after the start. */
  readonly process: string;
}

export interface RunProcessRecord {
  readonly identity: ProcessIdentity;
  /** Name of the machine that it runs on: another one cannot see whether it still does. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

const recordSchema = z.object({
  identity: z.object({ pid: z.int().positive(), startTime: z.string(), bootId: z.string() }),
  host: z.string(),
  startedAt: z.number(),
});

function turnRun(turnFolder: string, number: number): TurnRun {
  const folder = join(turnFolder, String(number));
  return {
    number,
    folder,
    events: join(folder, "events.jsonl"),
    stderr: join(folder, "stderr.log"),
    prompt: join(folder, "prompt.md"),
    process: join(folder, "process.json"),
  };
}

/** The Codex processes that a turn has had, oldest first. */
export function listRuns(turnFolder: string): TurnRun[] {
  return entries(turnFolder)
    .filter((name) => /^[1-9]\d{0,5}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => turnRun(turnFolder, number));
}

/** Every Codex process of a job, by the turns folder of `jobPaths`: each turn's in their order. */
export function listTurns(turnsFolder: string): { readonly effect: string; readonly runs: TurnRun[] }[] {
  return entries(turnsFolder).map((effect) => ({ effect, runs: listRuns(join(turnsFolder, effect)) }));
}

/** Makes the folder of the turn's next process and writes down what it is asked. */
export function createRun(turnFolder: string, number: number, prompt: string): TurnRun {
  const run = turnRun(turnFolder, number);
  mkdirSync(run.folder, { recursive: true, mode: 0o700 });
  writeFileSync(run.prompt, prompt, { mode: 0o600 });
  return run;
}

export function writeRunProcess(run: TurnRun, record: RunProcessRecord): void {
  const unfinished = `${run.process}.new`;
  writeFileSync(unfinished, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(unfinished, run.process);
}

/** Undefined when the orchestrator died before it was written. */
export function readRunProcess(run: TurnRun): RunProcessRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(run.process, "utf8"))).data;
  } catch {
    return undefined;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
