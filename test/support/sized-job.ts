/**
 * Coding jobs of any size: the real workflows on the real engine and a database file, with activities that do nothing
 * and are done at once. What is left is what the engine and the store themselves cost.
 */

import type { CodingActivities, CodingJobInput } from "../../src/core/coding.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import type { ActivityDefinition } from "../../src/engine/workflow.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { codingJob } from "../../workflows/coding-job.ts";
import { integration } from "../../workflows/integration.ts";
import { subtask } from "../../workflows/subtask.ts";

export interface Size {
  readonly subtasks: number;
  /** How often the work of each is sent back to its agent: two history entries for each time. */
  readonly followUps: number;
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export function openSizedStore(path: string): Promise<Store> {
  return openSqliteStore(path);
}

export interface SizedEngineOptions {
  /** After so many turns of agents nothing is answered any more: the job then stands in the middle. */
  readonly stopAfter?: number;
  /** Each activity waits for it before it answers. */
  readonly gate?: () => Promise<void>;
}

export function sizedEngine(store: Store, size: Size, { stopAfter, gate }: SizedEngineOptions = {}): Engine {
  const checks = new Map<string, number>();
  const worktree = (name: string) => ({
    name,
    path: `/repository/.codex/jobs/big/worktrees/${name}`,
    branch: `orch/big/${name}`,
    created: true,
  });
  const run: { readonly [Name in keyof CodingActivities]: (input: CodingActivities[Name]["input"]) => unknown } = {
    prepareJob: () => null,
    planTask: () => ({
      summary: "Many small parts.",
      subtasks: Array.from({ length: size.subtasks }, (_, index) => ({
        id: `part-${index + 1}`,
        title: `Write part ${index + 1} of the whole, with its tests`,
        dependsOn: index % 5 === 4 ? [`part-${index}`] : [],
      })),
    }),
    prepareWorktree: ({ name }) => worktree(name),
    runCodexTurn: () => ({
      threadId: "0192-thread-of-codex",
      message: "The part is written, and its tests pass. ".repeat(5),
    }),
    checkWork: (input) => {
      const count = (checks.get(input.worktree.name) ?? 0) + 1;
      checks.set(input.worktree.name, count);
      const problems = count <= size.followUps ? ["A test is missing."] : [];
      return { snapshot: COMMIT, tree: COMMIT, stat: { files: 3, insertions: 120, deletions: 7 }, problems };
    },
    commitWork: () => ({ head: COMMIT }),
    integrate: ({ incoming }) => ({ head: COMMIT, merged: incoming.map(({ subtaskId }) => subtaskId), conflict: null }),
    concludeConflict: () => ({ head: COMMIT, problems: [] }),
    runCommands: () => ({ failure: null }),
    describeResult: () => ({ files: 3, insertions: 120, deletions: 7 }),
    pushResult: () => ({ remote: "origin" }),
  };
  let turns = 0;
  const activities = Object.fromEntries(
    Object.entries(run).map(([name, answer]): [string, ActivityDefinition] => {
      const act: ActivityDefinition["run"] = async (input, { signal }) => {
        if (name === "runCodexTurn") turns += 1;
        if (stopAfter !== undefined && turns > stopAfter)
          await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        await gate?.();
        return answer(input);
      };
      return [name, { run: act }];
    }),
  );
  return createEngine({
    store,
    workflows: [codingJob, subtask, integration],
    activities,
    owner: { host: "here", bootId: "boot", pid: process.pid, processStart: "1" },
    isGone: () => true,
  });
}

export function sizedInput(jobId: string, size: Size): CodingJobInput {
  return {
    jobId,
    task: "Write the whole in many small parts.",
    repository: {
      root: "/repository",
      gitDir: "/repository/.git",
      objectFormat: "sha1",
      baseCommit: COMMIT,
      baseBranch: "main",
      author: { name: "orch", email: "orch@localhost" },
      push: null,
    },
    settings: {
      concurrency: 4,
      maxSubtasks: size.subtasks,
      approvePlan: false,
      plannerModel: "planner",
      codexModel: null,
      setup: [],
      verify: [],
      copy: [],
      maxFollowUps: size.followUps,
      maxRepairs: 1,
      turnSilenceMs: 600_000,
      turnLimitMs: 3_600_000,
      commandLimitMs: 600_000,
    },
  };
}

export function startSizedJob(engine: Engine, jobId: string, size: Size): void {
  const input = sizedInput(jobId, size);
  engine.start({ workflow: codingJob.name, jobId, input, labels: { task: input.task, repository: "/repository" } });
}
