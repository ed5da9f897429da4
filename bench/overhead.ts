/** What orch costs on top of Codex: a job next to the same turns started by hand. */

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineScript } from "../src/scripted-model/parse-script.ts";
import { startScriptedModel } from "../src/scripted-model/server.ts";
import { codexTurnCommand } from "../src/services/codex/codex-command.ts";
import { BenchFolder } from "./folder.ts";
import { type BenchRepository, makeRepository } from "./repository.ts";
import { type Row, ratio, type Table } from "./table.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");
const TASK = "Write many files";

interface WholeSize {
  readonly parts: number;
  readonly concurrency: number;
  /** How long the model thinks before each of a turn's three answers. A real one takes longer: this is the hard case. */
  readonly thinkingMs: number;
  readonly runs: number;
  /** The most that orch should take for what Codex takes by hand. */
  readonly target: number;
}

/** Eight subtasks: where the start of orch and the plan weigh most. */
export const overhead = () => compare({ parts: 8, concurrency: 4, thinkingMs: 1000, runs: 3, target: 1.25 });

/** Two hundred: where whatever grows with their number would show. */
export const whole = () => compare({ parts: 200, concurrency: 8, thinkingMs: 1000, runs: 1, target: 1.25 });

async function compare(size: WholeSize): Promise<Table> {
  const { parts, concurrency, thinkingMs, runs, target } = size;
  using folder = new BenchFolder("whole");
  await using model = await startScriptedModel({ script: script(size) });
  const { repository, environment } = makeRepository(folder.path);
  const bench: Bench = {
    folder: folder.path,
    repository,
    size,
    environment: { ...environment, OPENAI_BASE_URL: model.url },
  };
  const byHand: number[] = [];
  const byOrch: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    byHand.push(await timeByHand(bench, run));
    byOrch.push(await time(() => orch(bench, run)));
  }
  const hand: Row = { name: `${parts} × codex exec, ${concurrency} at a time`, times: byHand };
  const job: Row = { name: `orch run, ${parts} subtasks, --concurrency ${concurrency}`, times: byOrch };
  return {
    about: `Wall time. The model takes ${thinkingMs} ms for each answer of an agent, three to a turn. By hand: worktrees made beforehand, Codex with the same settings. By orch: planning, worktrees, checks, commits and merges included, synchronous=FULL.`,
    rows: [hand, job],
    ratios: [ratio("orch / by hand", job, hand, target)],
  };
}

const namesOf = ({ parts }: WholeSize) => Array.from({ length: parts }, (_, index) => `part-${index + 1}`);

interface Bench extends BenchRepository {
  readonly folder: string;
  readonly size: WholeSize;
}

async function timeByHand(bench: Bench, run: number): Promise<number> {
  const parts = namesOf(bench.size);
  const worktrees = parts.map((part) => join(bench.folder, `by-hand-${run}`, part));
  for (const path of worktrees) {
    execFileSync("git", ["worktree", "add", "--quiet", "--detach", path], { cwd: bench.repository });
  }
  return time(async () => {
    const waiting = [...worktrees.keys()];
    const work = async () => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        await codex(bench, worktrees[index] as string, `# Your part: ${parts[index]} (subtask)`);
      }
    };
    await Promise.all(Array.from({ length: bench.size.concurrency }, work));
  });
}

/** With the settings that orch gives it: with Codex's own it would load plugins and run the user's login shell at each start. */
function codex({ environment, folder }: Bench, worktree: string, prompt: string): Promise<void> {
  const runFolder = `${worktree}-run`;
  mkdirSync(runFolder);
  const { args, env } = codexTurnCommand(
    {
      codexPath: "codex",
      codexHome: join(folder, "codex-home"),
      apiKey: environment.OPENAI_API_KEY ?? "",
      baseUrl: environment.OPENAI_BASE_URL ?? "",
      environment,
    },
    {
      ...{ worktree, runFolder, model: null, threadId: null, jobId: "by-hand", effectId: "by-hand" },
      mark: { name: "BY_HAND", value: worktree },
    },
  );
  return run("codex", args, env, prompt);
}

function orch({ repository, environment, size }: Bench, number: number): Promise<void> {
  const { concurrency, parts } = size;
  const limits = ["--concurrency", String(concurrency), "--max-subtasks", String(parts)];
  const flags = ["--repo", repository, "--job-id", `bench-${number}`, ...limits, "--json"];
  return run(process.execPath, [ORCH, "run", TASK, ...flags], environment);
}

function run(command: string, args: readonly string[], env: Bench["environment"], input = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.end(input);
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}

async function time(act: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await act();
  return performance.now() - before;
}

function script(size: WholeSize) {
  const parts = namesOf(size);
  const delay = size.thinkingMs;
  const subtasks = parts.map((id) => ({ id, title: id, instructions: "Write it.", dependsOn: [], files: [] }));
  return defineScript({
    turns: [
      { name: "plan", for: "planner", match: TASK, steps: [{ json: { summary: "Many files.", subtasks } }] },
      ...parts.map((part) => ({
        name: part,
        for: "codex" as const,
        match: `# Your part: ${part} `,
        steps: [
          { run: "ls", delay },
          { run: `echo ${part} > ${part}.txt`, delay },
          { say: "Done.", delay },
        ],
      })),
    ],
  });
}
