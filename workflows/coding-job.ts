/** A coding job: plan, work on the subtasks side by side, merge, verify, push if asked. */

import { assign, enqueueActions, setup } from "xstate";
import type {
  CheckWorkOutput,
  CodingJobInput,
  CodingJobOutput,
  DiffStat,
  IntegrationInput,
  IntegrationResult,
  RunCommandsOutput,
  SubtaskInput,
  SubtaskResult,
  TurnRequest,
  Worktree,
} from "../src/core/coding.ts";
import type { ErrorData } from "../src/core/errors.ts";
import { resultBranch } from "../src/core/job-paths.ts";
import { activity, childWorkflow } from "./declare.ts";
import { errorOf, outputOf } from "./events.ts";
import { commandFailure, failure } from "./failure.ts";
import {
  type Board,
  type BoardEntry,
  block,
  failures,
  isSettled,
  mergeOrder,
  newBoard,
  ready,
  startOf,
  unblock,
  update,
  worktreeName,
} from "./subtask-board.ts";

export interface CodingJobContext extends CodingJobInput {
  /** The result's worktree. The planner reads the repository in it, before anything is merged. */
  readonly worktree: Worktree | null;
  readonly summary: string;
  /** What a person said of the plan that they rejected. */
  readonly feedback: string | null;
  readonly board: Board;
  /** The commit that the result's branch is at. */
  readonly head: string;
  /** What the last verify command said; null if there was none or it passed. */
  readonly verification: RunCommandsOutput["failure"];
  readonly repairs: number;
  readonly repairThreadId: string | null;
  /** What the agent left: to be committed or, with problems, to be set right. */
  readonly repair: CheckWorkOutput | null;
  readonly stat: DiffStat | null;
  readonly pushedTo: string | null;
  readonly error: ErrorData | null;
}

interface PlanRejected {
  readonly type: "plan.reject";
  readonly feedback: string;
}

export type CodingJobEvent =
  | { readonly type: "plan.approve" }
  | PlanRejected
  | { readonly type: "job.cancel" }
  /** Tries again what failed; with a subtask's id, only that subtask. */
  | { readonly type: "job.retry"; readonly subtaskId?: string }
  | { readonly type: "subtask.skip"; readonly subtaskId: string }
  // The engine's: a child has ended. The last part of the type is the child's id.
  | { readonly type: "xstate.done.actor.subtask"; readonly actorId: string; readonly output: SubtaskResult }
  | { readonly type: "xstate.error.actor.subtask"; readonly actorId: string; readonly error: unknown };

const machine = setup({
  types: {
    context: {} as CodingJobContext,
    events: {} as CodingJobEvent,
    input: {} as CodingJobInput,
    output: {} as CodingJobOutput,
    tags: {} as "waiting" | "failed" | "cancelled",
  },
  actors: {
    prepareJob: activity<"prepareJob">(),
    prepareWorktree: activity<"prepareWorktree">(),
    planTask: activity<"planTask">(),
    subtask: childWorkflow<SubtaskInput, SubtaskResult>(),
    integration: childWorkflow<IntegrationInput, IntegrationResult>(),
    runCommands: activity<"runCommands">(),
    runCodexTurn: activity<"runCodexTurn">(),
    checkWork: activity<"checkWork">(),
    commitWork: activity<"commitWork">(),
    describeResult: activity<"describeResult">(),
    pushResult: activity<"pushResult">(),
  },
  actions: {
    keepWorktree: assign(({ event }) => ({ worktree: outputOf<"prepareWorktree">(event) })),
    keepPlan: assign(({ event }) => {
      const { summary, subtasks } = outputOf<"planTask">(event);
      return { summary, board: newBoard(subtasks) };
    }),
    keepFeedback: assign(({ event }) => ({ feedback: (event as PlanRejected).feedback, board: [] })),
    startReady: enqueueActions(({ context, enqueue }) => {
      const { board, jobId, task, repository, settings } = context;
      let next = board;
      for (const entry of ready(board, settings.concurrency)) {
        const begun = { ...entry, tries: entry.tries + 1 };
        next = update(next, entry.id, { status: "running", tries: begun.tries });
        enqueue.spawnChild("subtask", {
          id: entry.id,
          input: {
            jobId,
            task,
            repository,
            settings,
            subtask: { id: entry.id, title: entry.title, dependsOn: entry.dependsOn },
            name: worktreeName(begun),
            startFrom: startOf(board, entry),
          },
        });
      }
      enqueue.assign({ board: next });
    }),
    settleSubtask: enqueueActions(({ context, event, enqueue }) => {
      const { id, status, commit, stat, error } = settled(event);
      enqueue.stopChild(id);
      enqueue.assign({ board: block(update(context.board, id, { status, commit, stat, error })) });
    }),
    failUnfinished: assign(({ context }) => {
      const failed = failures(context.board);
      const [first] = failed;
      const all = context.board.length;
      return {
        error: failure(
          "subtasks-failed",
          `${failed.length} of ${all} subtasks failed (${failed.length === 1 ? first : failed.join("; ")})`,
          `the others are kept: try again with "orch retry ${context.jobId}", or go on without one with "orch skip ${context.jobId} <subtask>"`,
        ),
      };
    }),
    retrySubtasks: assign(({ context, event }) => ({
      error: null,
      board: unblock(
        context.board.map((entry) =>
          entry.status === "failed" && isMeant(event, entry)
            ? { ...entry, status: "pending" as const, error: null }
            : entry,
        ),
      ),
    })),
    skipSubtask: assign(({ context, event }) => ({
      error: null,
      board: unblock(
        context.board.map((entry) => (isMeant(event, entry) ? { ...entry, status: "skipped" as const } : entry)),
      ),
    })),
    clearError: assign({ error: null, repairs: 0, repairThreadId: null, repair: null }),
    keepMerge: assign(({ event }) => {
      const { head, error } = integrated(event);
      return { head, error };
    }),
    keepVerification: assign(({ event }) => ({ verification: outputOf<"runCommands">(event).failure })),
    failVerification: assign(({ event }) => ({
      error: commandFailure("verify-failed", "the verification of the result", outputOf<"runCommands">(event)),
    })),
    keepRepairTurn: assign(({ context, event }) => ({
      repairThreadId: outputOf<"runCodexTurn">(event).threadId,
      repairs: context.repairs + 1,
    })),
    keepRepair: assign(({ event }) => ({ repair: outputOf<"checkWork">(event) })),
    dropRepair: assign({ repair: null }),
    refuseRepair: assign(({ context: { verification }, event }) => ({
      error: failure(
        "repair-refused",
        `"${verification?.command}" failed, and what the agent left to repair it cannot be taken: ${outputOf<"checkWork">(event).problems.join("; ")}`,
        "it is kept under refs/orch; retry the job to have it repaired anew",
      ),
    })),
    keepRepairCommit: assign(({ event }) => ({ head: outputOf<"commitWork">(event).head, repair: null })),
    keepStat: assign(({ event }) => ({ stat: outputOf<"describeResult">(event) })),
    keepPush: assign(({ event }) => ({ pushedTo: outputOf<"pushResult">(event).remote })),
    keepError: assign(({ event }) => ({ error: errorOf(event) })),
  },
  guards: {
    wantsApproval: ({ context }) => context.settings.approvePlan,
    isComplete: ({ context: { board } }) =>
      isSettled(board) && board.every(({ status }) => status === "done" || status === "skipped"),
    isSettled: ({ context: { board } }) => isSettled(board),
    isMerged: ({ event }) => integrated(event).error === null,
    isFailedSubtask: ({ context: { board }, event }) =>
      board.some((entry) => entry.status === "failed" && isMeant(event, entry)),
    isForWholeJob: ({ event }) => !("subtaskId" in event),
    isDescribed: ({ context: { stat }, event }) => !("subtaskId" in event) && stat !== null,
    isPlanned: ({ context: { board }, event }) => !("subtaskId" in event) && board.length > 0,
    hasVerify: ({ context }) => context.settings.verify.length > 0,
    hasPassed: ({ event }) => outputOf<"runCommands">(event).failure === null,
    mayRepair: ({ context }) => context.repairs < context.settings.maxRepairs,
    isSound: ({ event }) => outputOf<"checkWork">(event).problems.length === 0,
    hasChangedNothing: ({ event }) => outputOf<"checkWork">(event).stat.files === 0,
    // A job whose every subtask was skipped has nothing to push.
    wantsPush: ({ context: { repository, head } }) => repository.push !== null && head !== repository.baseCommit,
  },
}).createMachine({
  id: "coding-job",
  context: ({ input }) => ({
    ...input,
    worktree: null,
    summary: "",
    feedback: null,
    board: [],
    head: input.repository.baseCommit,
    verification: null,
    repairs: 0,
    repairThreadId: null,
    repair: null,
    stat: null,
    pushedTo: null,
    error: null,
  }),
  initial: "preparing",
  on: { "job.cancel": ".cancelled" },
  states: {
    preparing: {
      initial: "folders",
      states: {
        folders: {
          invoke: {
            src: "prepareJob",
            id: "prepareJob",
            input: ({ context: { repository } }) => ({ repository }),
            onDone: "worktree",
            onError: { target: "#coding-job.failed", actions: "keepError" },
          },
        },
        worktree: {
          invoke: {
            src: "prepareWorktree",
            id: "prepareResult",
            input: ({ context: { jobId, repository, settings } }) => ({
              repository,
              name: "result",
              branch: resultBranch(jobId),
              startCommit: repository.baseCommit,
              copy: settings.copy,
            }),
            onDone: { target: "#coding-job.planning", actions: "keepWorktree" },
            onError: { target: "#coding-job.failed", actions: "keepError" },
          },
        },
      },
    },
    planning: {
      invoke: {
        src: "planTask",
        id: "plan",
        input: ({ context: { task, repository, settings, worktree, feedback } }) => ({
          task,
          repository,
          worktree: worktree as Worktree,
          model: settings.plannerModel,
          maxSubtasks: settings.maxSubtasks,
          feedback,
        }),
        onDone: [
          { guard: "wantsApproval", target: "awaitingApproval", actions: "keepPlan" },
          { target: "working", actions: "keepPlan" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    awaitingApproval: {
      tags: "waiting",
      on: {
        "plan.approve": "working",
        "plan.reject": { target: "planning", actions: "keepFeedback" },
      },
    },
    working: {
      entry: "startReady",
      on: {
        "xstate.done.actor.*": {
          actions: ["settleSubtask", "startReady"],
        },
        "xstate.error.actor.*": {
          actions: ["settleSubtask", "startReady"],
        },
      },
      always: [
        { guard: "isComplete", target: "merging" },
        { guard: "isSettled", target: "failed", actions: "failUnfinished" },
      ],
    },
    merging: {
      invoke: {
        src: "integration",
        id: "integration",
        input: ({ context: { jobId, task, repository, settings, worktree, head, board } }) => ({
          jobId,
          task,
          repository,
          settings,
          worktree: worktree as Worktree,
          head,
          incoming: mergeOrder(board),
        }),
        onDone: [
          { guard: "isMerged", target: "verifying", actions: "keepMerge" },
          { target: "failed", actions: "keepMerge" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    verifying: {
      initial: "deciding",
      states: {
        deciding: { always: [{ guard: "hasVerify", target: "running" }, { target: "#coding-job.describing" }] },
        running: {
          invoke: {
            src: "runCommands",
            id: "verify",
            input: ({ context: { worktree, settings } }) => ({
              worktree: worktree as Worktree,
              commands: settings.verify,
              limitMs: settings.commandLimitMs,
            }),
            onDone: [
              { guard: "hasPassed", target: "#coding-job.describing", actions: "keepVerification" },
              { guard: "mayRepair", target: "repairing", actions: "keepVerification" },
              {
                target: "#coding-job.failed",
                actions: ["keepVerification", "failVerification"],
              },
            ],
            onError: { target: "#coding-job.failed", actions: "keepError" },
          },
        },
        repairing: {
          invoke: {
            src: "runCodexTurn",
            id: "repair",
            input: ({ context }) => ({
              repository: context.repository,
              worktree: context.worktree as Worktree,
              request: repairRequest(context),
              threadId: context.repairThreadId,
              model: context.settings.codexModel,
              silenceMs: context.settings.turnSilenceMs,
              limitMs: context.settings.turnLimitMs,
            }),
            onDone: { target: "checkingRepair", actions: "keepRepairTurn" },
            // What an agent wrote before its turn failed is kept all the same.
            onError: { target: "keepingRepair", actions: "keepError" },
          },
        },
        keepingRepair: {
          invoke: {
            src: "checkWork",
            id: "keepRepair",
            input: ({ context: { repository, worktree, head } }) => ({
              repository,
              worktree: worktree as Worktree,
              head,
            }),
            onDone: "#coding-job.failed",
            onError: "#coding-job.failed",
          },
        },
        checkingRepair: {
          invoke: {
            src: "checkWork",
            id: "checkRepair",
            input: ({ context: { repository, worktree, head } }) => ({
              repository,
              worktree: worktree as Worktree,
              head,
            }),
            onDone: [
              { guard: "isSound", target: "committingRepair", actions: "keepRepair" },
              // The files are still those of the commit: the command is run again, and says what is still wrong.
              { guard: "hasChangedNothing", target: "running", actions: "dropRepair" },
              // On files that cannot be committed, a command that passes would say nothing of the result.
              { guard: "mayRepair", target: "repairing", actions: "keepRepair" },
              { target: "#coding-job.failed", actions: "refuseRepair" },
            ],
            onError: { target: "#coding-job.failed", actions: "keepError" },
          },
        },
        committingRepair: {
          invoke: {
            src: "commitWork",
            id: "commitRepair",
            input: ({ context: { repository, worktree, head, repair, verification } }) => ({
              repository,
              worktree: worktree as Worktree,
              head,
              tree: (repair as CheckWorkOutput).tree,
              title: `Repair: ${verification?.command ?? "verification"}`,
              body: "",
            }),
            onDone: { target: "running", actions: "keepRepairCommit" },
            onError: { target: "#coding-job.failed", actions: "keepError" },
          },
        },
      },
    },
    describing: {
      invoke: {
        src: "describeResult",
        id: "describe",
        input: ({ context: { repository, head } }) => ({ repository, head }),
        onDone: [
          { guard: "wantsPush", target: "pushing", actions: "keepStat" },
          { target: "done", actions: "keepStat" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    pushing: {
      invoke: {
        src: "pushResult",
        id: "push",
        input: ({ context: { jobId, repository, head } }) => ({
          repository,
          branch: resultBranch(jobId),
          commit: head,
        }),
        onDone: { target: "done", actions: "keepPush" },
        onError: { target: "failed", actions: "keepError" },
      },
    },
    /** Not the end: everything is kept, and a person can have it tried again or go on without a subtask. */
    failed: {
      tags: "failed",
      on: {
        "subtask.skip": { guard: "isFailedSubtask", target: "working", actions: "skipSubtask" },
        "job.retry": [
          { guard: "isFailedSubtask", target: "working", actions: "retrySubtasks" },
          // What is kept decides where the job goes on: nothing that was paid for is done again.
          { guard: "isDescribed", target: "pushing", actions: "clearError" },
          { guard: "isPlanned", target: "merging", actions: "clearError" },
          { guard: "isForWholeJob", target: "preparing", actions: "clearError" },
        ],
      },
    },
    done: { type: "final" },
    cancelled: { type: "final", tags: "cancelled" },
  },
  output: ({ context: { jobId, head, repository, stat, pushedTo } }) => {
    const isDone = stat !== null;
    return {
      resultBranch: isDone && head !== repository.baseCommit ? resultBranch(jobId) : null,
      resultCommit: isDone ? head : null,
      stat,
      pushedTo,
    };
  },
});

export const codingJob = { name: "coding-job", version: 1, machine };

interface SettledSubtask {
  readonly id: string;
  readonly status: "done" | "failed";
  readonly commit: string | null;
  readonly stat: DiffStat | null;
  readonly error: ErrorData | null;
}

/** Whether an event is about that subtask: one that names none is about all. */
function isMeant(event: object, { id }: BoardEntry): boolean {
  const { subtaskId } = event as { readonly subtaskId?: string };
  return subtaskId === undefined || subtaskId === id;
}

function integrated(event: object): IntegrationResult {
  return (event as { readonly output: IntegrationResult }).output;
}

/** What a subtask's machine came to: its own word, or, if the machine itself broke, the error. */
function settled(event: object): SettledSubtask {
  const { actorId, output, error } = event as { actorId: string; output?: SubtaskResult; error?: ErrorData };
  if (output) return output;
  const reason = error ?? failure("subtask-broke", "the subtask ended without a result", "retry it");
  return { id: actorId, status: "failed", commit: null, stat: null, error: reason };
}

function repairRequest({ task, verification, repair }: CodingJobContext): TurnRequest {
  if (repair) return { kind: "follow-up", problems: repair.problems };
  const { command = "", exitCode = null, outputTail = "" } = verification ?? {};
  return { kind: "repair", task, command, exitCode, outputTail };
}
