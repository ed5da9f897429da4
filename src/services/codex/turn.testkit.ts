/** What the tests of a turn share: a repository with a worktree, a home for Codex, and a context that writes things down. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ActivityContext } from "../../core/activity.ts";
import type { Plan, RunCodexTurnInput, TurnRequest } from "../../core/coding.ts";
import { jobPaths } from "../../core/job-paths.ts";
import type { Json } from "../../core/json.ts";
import { silentLogger } from "../../core/log.ts";
import type { TokenUsage } from "../../core/usage.ts";
import { parseScript } from "../../scripted-model/parse-script.ts";
import { type ScriptedModel, startScriptedModel } from "../../scripted-model/server.ts";
import { passedEnvironment } from "../environment.ts";
import { runProcess, startDetached } from "../process.ts";
import { endProcessTree, findMarked } from "../process-tree.ts";
import type { RunCodexTurnSettings } from "./run-codex-turn.ts";
import { listTurns } from "./turn-folder.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

export const codexPath = join(checkout, "node_modules", ".bin", "codex");
export const environment = { ...process.env, PATH: `${join(checkout, "node_modules", ".bin")}:${process.env.PATH}` };
export const apiKey = "sk-test-secret-4711";

export const plan: Plan = {
  summary: "A search, in two parts.",
  subtasks: [
    { id: "index", title: "Build the index", instructions: "Write index.ts.", dependsOn: [], files: ["index.ts"] },
    { id: "search", title: "Search box", instructions: "Write search.ts.", dependsOn: ["index"], files: ["search.ts"] },
  ],
};

export interface Workshop extends AsyncDisposable {
  readonly root: string;
  readonly worktree: string;
  readonly codexHome: string;
  /** Of the effect that `makeContext` names. */
  readonly turnFolder: string;
  /** A shell script that stands in for Codex, to do what the real one does seldom; returns its path. */
  program(script: string): string;
  settings(baseUrl: string, more?: Partial<RunCodexTurnSettings>): RunCodexTurnSettings;
  input(request: TurnRequest, more?: Partial<RunCodexTurnInput>): RunCodexTurnInput;
}

/** A repository with one commit, a linked worktree for the subtask `search`, and a fresh home for Codex. */
export async function makeWorkshop(): Promise<Workshop> {
  const root = mkdtempSync(join(tmpdir(), "orch turn ü-"));
  // Codex refuses a home under the system's temporary folder.
  mkdirSync(join(checkout, ".tmp"), { recursive: true });
  const codexHome = mkdtempSync(join(checkout, ".tmp", "codex-home-"));
  const worktree = join(jobPaths(root, "job-1").worktrees, "search");
  const git = async (...args: string[]) => {
    const { exitCode, stderr } = await runProcess({
      command: "git",
      args: ["-c", "user.name=orch", "-c", "user.email=orch@localhost", ...args],
      cwd: root,
      env: { ...passedEnvironment(environment), GIT_CONFIG_GLOBAL: "/dev/null" },
    });
    if (exitCode !== 0) throw new Error(stderr);
  };
  await git("init", "--quiet");
  await git("commit", "--quiet", "--allow-empty", "-m", "first");
  await git("worktree", "add", "--quiet", "-b", "orch/job-1/search", worktree);
  return {
    root,
    worktree,
    codexHome,
    turnFolder: join(jobPaths(root, "job-1").turns, "job-1-7-0"),
    program(script) {
      const path = join(codexHome, "program");
      writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return path;
    },
    settings: (baseUrl, more) => ({ codexPath, codexHome, apiKey, baseUrl, environment, ...more }),
    input: (request, more) => ({
      repository: {
        root,
        gitDir: join(root, ".git"),
        objectFormat: "sha1",
        baseCommit: "0".repeat(40),
        baseBranch: "main",
        author: { name: "orch", email: "orch@localhost" },
        push: null,
      },
      worktree: { name: "search", path: worktree, branch: "orch/job-1/search" },
      request,
      threadId: null,
      model: null,
      silenceMs: 60_000,
      limitMs: 120_000,
      ...more,
    }),
    async [Symbol.asyncDispose]() {
      // A test that failed must leave nothing behind either.
      for (const { effect } of listTurns(jobPaths(root, "job-1").turns)) {
        await endProcessTree(undefined, { name: "ORCH_TURN", value: join(jobPaths(root, "job-1").turns, effect) });
      }
      for (const folder of [root, codexHome]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A model that answers the subtask's turn with `steps` (YAML), and a follow-up with `followUp`. */
export function scriptedModel(steps: string, followUp?: string): Promise<ScriptedModel> {
  const turn = (name: string, match: string, text: string) =>
    `  - name: ${name}\n    for: codex\n    match: "${match}"\n    steps:\n${dedent(text).replaceAll(/^/gm, "      ")}\n`;
  const turns =
    (followUp === undefined ? "" : turn("follow-up", "Follow-up:", followUp)) + turn("search", "Search box", steps);
  return startScriptedModel({ script: parseScript(`continues: ["Go on"]\nturns:\n${turns}`, "the test's script") });
}

function dedent(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join("\n");
}

export const subtask = { kind: "subtask" as const, subtaskId: "search", task: "Add a search" } satisfies TurnRequest;

export interface RecordingContext extends ActivityContext {
  readonly heartbeats: Record<string, Json>[];
  readonly checkpoints: Record<string, Json>[];
  readonly usage: Map<string, TokenUsage>;
  abort(reason: Error): void;
}

export interface ContextOptions {
  readonly attempt?: number;
  readonly effectId?: string;
  /** Of the attempt before this one. */
  readonly before?: RecordingContext;
}

export function makeContext({ attempt = 1, effectId = "job-1:7:0", before }: ContextOptions = {}): RecordingContext {
  const controller = new AbortController();
  const heartbeats: Record<string, Json>[] = [];
  const checkpoints: Record<string, Json>[] = [];
  const usage = new Map<string, TokenUsage>();
  return {
    jobId: "job-1",
    effectId,
    invokeId: "codex",
    attempt,
    scheduledAt: 0,
    lastHeartbeat: before?.heartbeats.at(-1) ?? before?.checkpoints.at(-1),
    signal: controller.signal,
    holdsJob: () => true,
    log: silentLogger,
    redact: (text) => text,
    heartbeat: (details) => heartbeats.push(details as Record<string, Json>),
    checkpoint: async (details) => void checkpoints.push(details as Record<string, Json>),
    recordUsage: (meter, figures) => usage.set(meter, figures),
    putArtifact: () => {},
    getArtifact: (name) => (name === "plan" ? (plan as unknown as Json) : undefined),
    heartbeats,
    checkpoints,
    usage,
    abort: (reason) => controller.abort(reason),
  };
}

/** Runs the turn in an orchestrator of its own, and returns what kills that orchestrator: SIGKILL, it cannot say goodbye. */
export async function runInOrchestrator(
  settings: RunCodexTurnSettings,
  input: RunCodexTurnInput,
): Promise<() => Promise<void>> {
  const file = join(settings.codexHome, "turn.json");
  writeFileSync(file, JSON.stringify({ settings, input }));
  const { pid, ended } = await startDetached({
    command: process.execPath,
    args: [fileURLToPath(new URL("run-turn.fixture.ts", import.meta.url)), file],
    cwd: checkout,
    env: passedEnvironment(environment),
    stdoutFile: join(settings.codexHome, "orchestrator.out"),
    stderrFile: join(settings.codexHome, "orchestrator.err"),
  });
  return async () => {
    process.kill(pid, "SIGKILL");
    await ended;
  };
}

/** The processes of the turn that still run, Codex itself first: found by what each carries in its environment. */
export async function processesOf(workshop: Workshop): Promise<number[]> {
  const marked = await findMarked({ name: "ORCH_TURN", value: workshop.turnFolder });
  return marked.map(({ pid }) => pid).sort((a, b) => a - b);
}
