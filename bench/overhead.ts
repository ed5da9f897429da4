/** What orch costs on top of Codex: a job of eight subtasks next to the same eight turns started by hand. */

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineScript } from "../src/scripted-model/parse-script.ts";
import { startScriptedModel } from "../src/scripted-model/server.ts";
import { type Row, ratio, type Table } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const RUNS = 3;
const CONCURRENCY = 4;
/** How long the model thinks before each of a turn's three answers. A real one takes longer: this is the hard case. */
const THINKING_MS = 1000;
const TASK = "Write eight files";
const PARTS = Array.from({ length: 8 }, (_, index) => `part-${index + 1}`);

export async function overhead(): Promise<Table> {
  mkdirSync(join(ROOT, ".tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".tmp", "bench-"));
  await using model = await startScriptedModel({ script: script() });
  const bench = makeBench(folder, model.url);
  const byHand: number[] = [];
  const byOrch: number[] = [];
  try {
    for (let run = 1; run <= RUNS; run += 1) {
      byHand.push(await timeByHand(bench, run));
      byOrch.push(await time(() => orch(bench, run)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const hand: Row = { name: "8 × codex exec, 4 at a time", times: byHand };
  const job: Row = { name: "orch run, 8 subtasks, --concurrency 4", times: byOrch };
  return {
    about: `Wall time. The model takes ${THINKING_MS} ms for each answer of an agent, three to a turn. By hand: worktrees made beforehand. By orch: planning, worktrees, checks, commits and merges included, synchronous=FULL.`,
    rows: [hand, job],
    ratios: [ratio("orch / by hand", job, hand, 1.25)],
  };
}

interface Bench {
  readonly folder: string;
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

function makeBench(folder: string, modelUrl: string): Bench {
  const repository = join(folder, "repository");
  mkdirSync(repository);
  writeFileSync(join(repository, "README.md"), "# Eight files\n");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: repository });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "--message=First");
  const environment = {
    ...process.env,
    PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
    XDG_STATE_HOME: join(folder, "state"),
    CODEX_HOME: join(folder, "codex-home"),
    OPENAI_API_KEY: "sk-the-scripted-model-needs-none",
    OPENAI_BASE_URL: modelUrl,
  };
  mkdirSync(environment.CODEX_HOME);
  return { folder, repository, environment };
}

async function timeByHand(bench: Bench, run: number): Promise<number> {
  const worktrees = PARTS.map((part) => join(bench.folder, `by-hand-${run}`, part));
  for (const path of worktrees) {
    execFileSync("git", ["worktree", "add", "--quiet", "--detach", path], { cwd: bench.repository });
  }
  return time(async () => {
    const waiting = [...worktrees.keys()];
    const work = async () => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        await codex(bench, worktrees[index] as string, `# Your part: ${PARTS[index]} (subtask)`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  });
}

function codex({ environment }: Bench, worktree: string, prompt: string): Promise<void> {
  const provider = `model_providers.bench={name="bench",base_url="${environment.OPENAI_BASE_URL}",wire_api="responses",env_key="OPENAI_API_KEY"}`;
  const settings = ["-c", provider, "-c", 'model_provider="bench"'];
  return run("codex", ["exec", "--json", "-s", "workspace-write", ...settings, "-C", worktree, prompt], environment);
}

function orch({ repository, environment }: Bench, number: number): Promise<void> {
  const flags = ["--repo", repository, "--job-id", `bench-${number}`, "--concurrency", String(CONCURRENCY), "--json"];
  return run(process.execPath, [join(ROOT, "bin", "orch.js"), "run", TASK, ...flags], environment);
}

function run(command: string, args: readonly string[], env: Bench["environment"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}

async function time(act: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await act();
  return performance.now() - before;
}

function script() {
  const subtasks = PARTS.map((id) => ({ id, title: id, instructions: "Write it.", dependsOn: [], files: [] }));
  return defineScript({
    turns: [
      { name: "plan", for: "planner", match: TASK, steps: [{ json: { summary: "Eight files.", subtasks } }] },
      ...PARTS.map((part) => ({
        name: part,
        for: "codex" as const,
        match: `# Your part: ${part} `,
        steps: [
          { run: "ls", delay: THINKING_MS },
          { run: `echo ${part} > ${part}.txt`, delay: THINKING_MS },
          { say: "Done.", delay: THINKING_MS },
        ],
      })),
    ],
  });
}
