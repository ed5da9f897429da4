/** A job's input, and what its activities and child workflows may answer: for tests of the workflows alone. */

import type {
  CodingActivities,
  CodingJobInput,
  CodingSettings,
  IntegrationInput,
  IntegrationResult,
  Repository,
  RunCommandsOutput,
  SubtaskInput,
  SubtaskOutline,
  SubtaskResult,
} from "../../src/core/coding.ts";
import type { ErrorData } from "../../src/core/errors.ts";

export const BASE = "base";

export const trouble: ErrorData = {
  name: "OrchError",
  code: "trouble",
  message: "something did not work",
  hint: "make it work",
  retryable: false,
};

export const refused = "You changed nothing.";

export const broken: NonNullable<RunCommandsOutput["failure"]> = {
  command: "make test",
  exitCode: 2,
  timedOut: false,
  outputTail: "one test failed\n",
};

export const stat = { files: 1, insertions: 2, deletions: 0 };

interface Sample {
  readonly push?: Repository["push"];
  readonly settings?: Partial<CodingSettings>;
}

export function jobInput({ push = null, settings = {} }: Sample = {}): CodingJobInput {
  return {
    jobId: "job",
    task: "Do it.",
    repository: {
      root: "/repository",
      gitDir: "/repository/.git",
      objectFormat: "sha1",
      baseCommit: BASE,
      baseBranch: "main",
      author: { name: "orch", email: "orch@localhost" },
      push,
    },
    settings: {
      concurrency: 2,
      maxSubtasks: 10,
      approvePlan: false,
      plannerModel: "planner",
      codexModel: null,
      setup: [],
      verify: [],
      copy: [".env"],
      maxFollowUps: 1,
      maxRepairs: 2,
      turnSilenceMs: 1000,
      turnLimitMs: 2000,
      commandLimitMs: 3000,
      ...settings,
    },
  };
}

/** `{ a: [], b: ["a"] }`: the ids, each with those that it depends on. */
export function outlines(graph: Readonly<Record<string, readonly string[]>>): SubtaskOutline[] {
  return Object.entries(graph).map(([id, dependsOn]) => ({ id, title: `Part ${id}`, dependsOn }));
}

type Answers<Input, Output> = (
  input: Input,
) => Readonly<Record<string, { readonly output: Output } | { readonly error: ErrorData }>>;

type CodingAnswers = {
  readonly [Name in keyof CodingActivities]: Answers<CodingActivities[Name]["input"], CodingActivities[Name]["output"]>;
} & {
  readonly subtask: Answers<SubtaskInput, SubtaskResult>;
  readonly integration: Answers<IntegrationInput, IntegrationResult>;
};

const breaks = { error: trouble };

/** Only the first answer of each, the one that all goes well with. */
export function smooth(answers: CodingAnswers): CodingAnswers {
  const first = <Input, Output>(of: Answers<Input, Output>): Answers<Input, Output> => {
    return (input) => Object.fromEntries(Object.entries(of(input)).slice(0, 1));
  };
  const entries = Object.entries(answers) as [string, Answers<never, unknown>][];
  return Object.fromEntries(entries.map(([name, of]) => [name, first(of)])) as unknown as CodingAnswers;
}

/** Everything that can come of everything; commits are named so that there are few of them. */
export function codingAnswers(graph: Readonly<Record<string, readonly string[]>> = {}): CodingAnswers {
  return {
    prepareJob: () => ({ done: { output: null }, breaks }),
    prepareWorktree: ({ name, branch }) => ({
      done: { output: { name, path: `/repository/.codex/jobs/job/worktrees/${name}`, branch } },
      breaks,
    }),
    planTask: () => ({ done: { output: { summary: "A plan.", subtasks: outlines(graph) } }, breaks }),
    integrate: ({ head, incoming }) => {
      const headWith = (ids: readonly string[]) => [head, ...ids].join("+");
      const ids = incoming.map(({ subtaskId }) => subtaskId);
      const conflicts = incoming.map((one, index) => {
        const merged = ids.slice(0, index);
        const conflict = { ...one, files: ["a.txt"], descriptions: ["CONFLICT"], tree: `conflict-${one.subtaskId}` };
        return [`conflict at ${one.subtaskId}`, { output: { head: headWith(merged), merged, conflict } }] as const;
      });
      const clean = { output: { head: headWith(ids), merged: ids, conflict: null } };
      return { clean, ...Object.fromEntries(conflicts), breaks };
    },
    concludeConflict: ({ head, conflict }) => ({
      resolved: { output: { head: `${head}+${conflict.subtaskId}`, problems: [] } },
      refused: { output: { head: null, problems: ["There is a marker in a.txt."] } },
      breaks,
    }),
    runCommands: () => ({
      passes: { output: { failure: null } },
      fails: { output: { failure: broken } },
      "takes too long": { output: { failure: { ...broken, exitCode: null, timedOut: true } } },
      breaks,
    }),
    runCodexTurn: () => ({ done: { output: { threadId: "thread", message: "It is done." } }, breaks }),
    checkWork: ({ head, worktree }) => {
      const work = { snapshot: `kept-${worktree.name}`, tree: `tree-${worktree.name}`, stat, problems: [] };
      return {
        sound: { output: work },
        refused: { output: { ...work, problems: ["There is a repository in the folder lib."] } },
        "nothing changed": {
          output: {
            ...work,
            tree: `tree-of-${head}`,
            stat: { files: 0, insertions: 0, deletions: 0 },
            problems: [refused],
          },
        },
        breaks,
      };
    },
    commitWork: ({ tree }) => ({ done: { output: { head: `commit-of-${tree}` } }, breaks }),
    describeResult: () => ({ done: { output: stat }, breaks }),
    pushResult: () => ({ done: { output: { remote: "origin" } }, breaks }),
    subtask: ({ subtask: { id } }) => {
      const result = { id, stat, message: "It is done." };
      return {
        done: { output: { ...result, status: "done", commit: `commit-${id}`, error: null } },
        fails: { output: { ...result, status: "failed", commit: null, error: trouble } },
        breaks,
      };
    },
    integration: ({ head }) => ({
      merged: { output: { head: head === BASE ? "merged" : head, error: null } },
      "half merged": { output: { head: head === BASE ? "half" : head, error: trouble } },
      breaks,
    }),
  };
}
