/** The vocabulary of a coding job: what its machines and its services tell each other. Plain data, no behaviour. */

import type { ErrorData } from "./errors.ts";

/** The repository as it was when the job began. Nothing here changes while the job runs. */
export interface Repository {
  /** Absolute path of the user's checkout (its top level, or the bare-free main worktree). */
  readonly root: string;
  /** Absolute path of the common git directory. */
  readonly gitDir: string;
  /** `sha1` or `sha256`. */
  readonly objectFormat: string;
  /** The commit that everything starts from: pinned when the job starts. */
  readonly baseCommit: string;
  /** The branch that the base commit was read from; null for a detached HEAD. */
  readonly baseBranch: string | null;
  /** Who the orchestrator's commits are by: the user's own git identity. */
  readonly author: { readonly name: string; readonly email: string };
  /** Where `--push-result` pushes: read before any agent ran. Null if nothing is to be pushed. */
  readonly push: {
    readonly remote: string;
    /** Without user, password and token: those stay in the user's own configuration of git. */
    readonly url: string;
    /** Whether the address has some, which are read again when it is pushed to. */
    readonly hasCredentials?: true;
  } | null;
}

/** How a job works. Frozen into the job's input, so that a resumed job goes on as it began. */
export interface CodingSettings {
  readonly concurrency: number;
  readonly maxSubtasks: number;
  readonly approvePlan: boolean;
  readonly plannerModel: string;
  readonly codexModel: string | null;
  /** Shell commands run in each subtask's worktree before its agent starts. */
  readonly setup: readonly string[];
  /** Shell commands run in the result worktree; all must exit with 0. */
  readonly verify: readonly string[];
  /** Files of the user's checkout, relative to its root, copied into each worktree (`.env` and such). */
  readonly copy: readonly string[];
  /** How often an agent is asked again after its work did not pass a check (empty diff, conflict markers …). */
  readonly maxFollowUps: number;
  /** How often an agent is asked to repair a failing verify command. */
  readonly maxRepairs: number;
  /** A turn that prints nothing for this long is ended. */
  readonly turnSilenceMs: number;
  /** A turn that lasts longer than this is ended. */
  readonly turnLimitMs: number;
  /** A setup or verify command that lasts longer than this is ended. */
  readonly commandLimitMs: number;
  /** There if the user said so when the job began: its agents and their commands run without the system's sandbox. */
  readonly dangerouslyWithoutSandbox?: true;
}

export interface CodingJobInput {
  readonly jobId: string;
  readonly task: string;
  readonly repository: Repository;
  readonly settings: CodingSettings;
}

/** A subtask as the planner wrote it. The whole plan is the job's artifact `plan`. */
export interface SubtaskSpec {
  readonly id: string;
  readonly title: string;
  readonly instructions: string;
  readonly dependsOn: readonly string[];
  /** Files that it is expected to touch, relative to the repository's root. */
  readonly files: readonly string[];
}

export interface Plan {
  readonly summary: string;
  readonly subtasks: readonly SubtaskSpec[];
}

/** A subtask as the job's machine keeps it: without the long texts, so that a transition's cost stays small. */
export type SubtaskOutline = Pick<SubtaskSpec, "id" | "title" | "dependsOn">;

export interface DiffStat {
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
}

// ---- prepareJob: the job's folders, and the line in info/exclude that keeps them out of `git status`

export interface PrepareJobInput {
  readonly repository: Repository;
}

// ---- planTask

export interface PlanTaskInput {
  readonly task: string;
  readonly repository: Repository;
  /** What the planner reads: the result worktree, on the base commit. The user's checkout may be at another state. */
  readonly worktree: Worktree;
  readonly model: string;
  readonly maxSubtasks: number;
  /** Set when a person rejected the plan before: their words. The rejected plan is the artifact `plan`. */
  readonly feedback: string | null;
}

export interface PlanTaskOutput {
  readonly summary: string;
  /** In an order in which every subtask stands behind those it depends on. */
  readonly subtasks: readonly SubtaskOutline[];
}

// ---- worktrees

/** Work that is to be brought together: a subtask's commit. */
export interface Incoming {
  readonly subtaskId: string;
  readonly commit: string;
}

export interface PrepareWorktreeInput {
  readonly repository: Repository;
  /** Folder name under `worktrees/`: a subtask's id, or `result`. */
  readonly name: string;
  /** Branch that the worktree is on: `orch/<jobId>/<subtask>` or `result-<jobId>`. */
  readonly branch: string;
  readonly startCommit: string;
  readonly copy: readonly string[];
}

export interface Worktree {
  /** Folder name under `worktrees/`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly branch: string;
}

// ---- integrate: mechanical merges until a conflict

export interface IntegrateInput {
  readonly repository: Repository;
  readonly worktree: Worktree;
  /** The commit that the branch is at. */
  readonly head: string;
  readonly incoming: readonly Incoming[];
}

export interface Conflict extends Incoming {
  /** Paths that need a decision, relative to the root. */
  readonly files: readonly string[];
  /** What the matter is, a sentence of git's for each conflict: also of those that leave no markers. */
  readonly descriptions: readonly string[];
  /** The tree that git's merge left, with markers in those files: what the agent is shown in the worktree. */
  readonly tree: string;
}

export interface IntegrateOutput {
  /** The commit that the branch is at now. */
  readonly head: string;
  /** Ids of `incoming` that are in `head` now, in the order in which they came in. */
  readonly merged: readonly string[];
  /** Set when an agent must decide: the worktree then holds `conflict.tree`. */
  readonly conflict: Conflict | null;
}

export interface ConcludeConflictInput {
  readonly repository: Repository;
  readonly worktree: Worktree;
  readonly head: string;
  readonly conflict: Conflict;
}

export interface ConcludeConflictOutput {
  /** The merge commit; null if the resolution did not pass. */
  readonly head: string | null;
  /** Why it did not pass, each a sentence for the agent. */
  readonly problems: readonly string[];
}

// ---- runCommands: setup and verify

export interface RunCommandsInput {
  readonly worktree: Worktree;
  readonly commands: readonly string[];
  readonly limitMs: number;
}

export interface RunCommandsOutput {
  /** The first command that failed; null if all exited with 0. */
  readonly failure: {
    readonly command: string;
    readonly exitCode: number | null;
    readonly timedOut: boolean;
    readonly outputTail: string;
  } | null;
}

// ---- runCodexTurn

/** What an agent is asked. The service makes the words of it, from the plan and the worktree. */
export type TurnRequest =
  | { readonly kind: "subtask"; readonly subtaskId: string; readonly task: string }
  /** In the words of a workflow of one's own; the rules of every agent are added. */
  | { readonly kind: "instructions"; readonly text: string }
  | { readonly kind: "follow-up"; readonly problems: readonly string[] }
  | {
      readonly kind: "conflict";
      readonly task: string;
      readonly conflict: Conflict;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: "repair";
      readonly task: string;
      readonly command: string;
      readonly exitCode: number | null;
      readonly outputTail: string;
    };

export interface RunCodexTurnInput {
  readonly repository: Repository;
  readonly worktree: Worktree;
  readonly request: TurnRequest;
  /** The thread to go on with; null for a new one. */
  readonly threadId: string | null;
  readonly model: string | null;
  readonly silenceMs: number;
  readonly limitMs: number;
}

export interface RunCodexTurnOutput {
  /** Null in a job that was forked from the one whose turn it was: two jobs cannot go on with one thread. */
  readonly threadId: string | null;
  /** The agent's last message, cut to a length that a context can hold. */
  readonly message: string;
}

// ---- checkWork: keeps what the agent wrote, and looks at it

export interface CheckWorkInput {
  readonly repository: Repository;
  readonly worktree: Worktree;
  /** The commit that the agent started from. */
  readonly head: string;
}

export interface CheckWorkOutput {
  /** The commit under `refs/orch/<jobId>/…` that keeps the worktree as the agent left it. */
  readonly snapshot: string;
  readonly tree: string;
  readonly stat: DiffStat;
  /** Why the work cannot be taken as it is, each a sentence for the agent. */
  readonly problems: readonly string[];
}

// ---- commitWork: what was checked becomes a commit on the worktree's branch

export interface CommitWorkInput {
  readonly repository: Repository;
  readonly worktree: Worktree;
  readonly head: string;
  readonly tree: string;
  /** First line of the commit message. */
  readonly title: string;
  readonly body: string;
}

export interface CommitWorkOutput {
  readonly head: string;
}

// ---- concludeJob: what came out

export interface DescribeResultInput {
  readonly repository: Repository;
  readonly head: string;
}

// ---- pushResult

export interface PushResultInput {
  readonly repository: Repository;
  readonly branch: string;
  readonly commit: string;
}

export interface PushResultOutput {
  readonly remote: string;
}

// ---- what the machines answer

/** `blocked`: a subtask that it depends on has failed. `skipped`: a person said to go on without it. */
export type SubtaskStatus = "pending" | "running" | "done" | "failed" | "blocked" | "skipped";

export interface SubtaskInput {
  readonly jobId: string;
  readonly task: string;
  readonly repository: Repository;
  readonly settings: CodingSettings;
  readonly subtask: SubtaskOutline;
  /** Folder and branch name of its worktree: its id, or `<id>--2` for a second try by hand. */
  readonly name: string;
  /** The work of those it depends on, in the plan's order. Empty: it starts from the base commit. */
  readonly startFrom: readonly Incoming[];
}

export interface SubtaskResult {
  readonly id: string;
  readonly status: "done" | "failed";
  readonly commit: string | null;
  readonly stat: DiffStat | null;
  /** The agent's last message. */
  readonly message: string;
  readonly error: ErrorData | null;
}

export interface IntegrationInput {
  readonly jobId: string;
  readonly task: string;
  readonly repository: Repository;
  readonly settings: CodingSettings;
  readonly worktree: Worktree;
  readonly head: string;
  readonly incoming: readonly Incoming[];
}

export interface IntegrationResult {
  /** The commit that the branch is at: with everything in it, or, after an error, as far as it came. */
  readonly head: string;
  readonly error: ErrorData | null;
}

export interface CodingJobOutput {
  readonly resultBranch: string | null;
  readonly resultCommit: string | null;
  readonly stat: DiffStat | null;
  readonly pushedTo: string | null;
}

/** Every activity of a coding job, by name: the machines name them, `services/` provides them. */
export interface CodingActivities {
  prepareJob: { input: PrepareJobInput; output: null };
  planTask: { input: PlanTaskInput; output: PlanTaskOutput };
  prepareWorktree: { input: PrepareWorktreeInput; output: Worktree };
  integrate: { input: IntegrateInput; output: IntegrateOutput };
  concludeConflict: { input: ConcludeConflictInput; output: ConcludeConflictOutput };
  runCommands: { input: RunCommandsInput; output: RunCommandsOutput };
  runCodexTurn: { input: RunCodexTurnInput; output: RunCodexTurnOutput };
  checkWork: { input: CheckWorkInput; output: CheckWorkOutput };
  commitWork: { input: CommitWorkInput; output: CommitWorkOutput };
  describeResult: { input: DescribeResultInput; output: DiffStat };
  pushResult: { input: PushResultInput; output: PushResultOutput };
}
