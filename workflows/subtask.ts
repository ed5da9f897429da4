/** One subtask: a worktree, a Codex turn or more in it, a check of what was written, a commit. */

import { assign, setup } from "xstate";
import type {
  CheckWorkOutput,
  IntegrationInput,
  IntegrationResult,
  SubtaskInput,
  SubtaskResult,
  TurnRequest,
  Worktree,
} from "../src/core/coding.ts";
import type { ErrorData } from "../src/core/errors.ts";
import { subtaskBranch } from "../src/core/job-paths.ts";
import { activity, childWorkflow } from "./declare.ts";
import { errorOf, outputOf } from "./events.ts";
import { commandFailure, failure } from "./failure.ts";

interface Context extends SubtaskInput {
  readonly worktree: Worktree | null;
  /** The commit that the agent's work stands on. */
  readonly head: string;
  readonly threadId: string | null;
  readonly message: string;
  readonly followUps: number;
  readonly work: CheckWorkOutput | null;
  readonly error: ErrorData | null;
}

const machine = setup({
  types: {
    context: {} as Context,
    input: {} as SubtaskInput,
    output: {} as SubtaskResult,
  },
  actors: {
    prepareWorktree: activity<"prepareWorktree">(),
    integration: childWorkflow<IntegrationInput, IntegrationResult>(),
    runCommands: activity<"runCommands">(),
    runCodexTurn: activity<"runCodexTurn">(),
    checkWork: activity<"checkWork">(),
    commitWork: activity<"commitWork">(),
  },
  actions: {
    keepWorktree: assign(({ event }) => ({ worktree: outputOf<"prepareWorktree">(event) })),
    keepStart: assign(({ event }) => {
      const { head, error } = integrated(event);
      return { head, error };
    }),
    keepTurn: assign(({ event }) => {
      const { threadId, message } = outputOf<"runCodexTurn">(event);
      return { threadId, message };
    }),
    keepWork: assign(({ event }) => ({ work: outputOf<"checkWork">(event) })),
    followUp: assign(({ context }) => ({ followUps: context.followUps + 1 })),
    keepCommit: assign(({ event }) => ({ head: outputOf<"commitWork">(event).head })),
    keepError: assign(({ event }) => ({ error: errorOf(event) })),
    keepSetupFailure: assign(({ context, event }) => ({
      error: commandFailure(
        "setup-failed",
        `the setup of subtask ${context.subtask.id}`,
        outputOf<"runCommands">(event),
      ),
    })),
    refuseWork: assign(({ context, event }) => ({
      error: failure(
        "work-refused",
        `what the agent left for subtask ${context.subtask.id} cannot be taken: ${outputOf<"checkWork">(event).problems.join("; ")}`,
        "it is kept under refs/orch; make the subtask's instructions clearer, or retry it",
      ),
    })),
  },
  guards: {
    hasSeveralStarts: ({ context }) => context.startFrom.length > 1,
    hasSetup: ({ context }) => context.settings.setup.length > 0,
    isIntegrated: ({ event }) => integrated(event).error === null,
    hasFailed: ({ event }) => outputOf<"runCommands">(event).failure !== null,
    isSound: ({ event }) => outputOf<"checkWork">(event).problems.length === 0,
    mayFollowUp: ({ context }) => context.followUps < context.settings.maxFollowUps,
  },
}).createMachine({
  id: "subtask",
  context: ({ input }) => ({
    ...input,
    worktree: null,
    head: input.startFrom[0]?.commit ?? input.repository.baseCommit,
    threadId: null,
    message: "",
    followUps: 0,
    work: null,
    error: null,
  }),
  initial: "preparing",
  states: {
    preparing: {
      invoke: {
        src: "prepareWorktree",
        id: "prepare",
        input: ({ context: { jobId, repository, settings, name, head } }) => ({
          repository,
          name,
          branch: subtaskBranch(jobId, name),
          startCommit: head,
          copy: settings.copy,
        }),
        onDone: [
          { guard: "hasSeveralStarts", target: "integrating", actions: "keepWorktree" },
          { target: "settingUp", actions: "keepWorktree" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    integrating: {
      invoke: {
        src: "integration",
        id: "integration",
        input: ({ context: { jobId, task, repository, settings, worktree, head, startFrom } }) => ({
          jobId,
          task,
          repository,
          settings,
          worktree: worktree as Worktree,
          head,
          incoming: startFrom.slice(1),
        }),
        onDone: [
          { guard: "isIntegrated", target: "settingUp", actions: "keepStart" },
          { target: "failed", actions: "keepStart" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    settingUp: {
      initial: "deciding",
      states: {
        deciding: { always: [{ guard: "hasSetup", target: "running" }, { target: "#subtask.coding" }] },
        running: {
          invoke: {
            src: "runCommands",
            id: "setup",
            input: ({ context: { worktree, settings } }) => ({
              worktree: worktree as Worktree,
              commands: settings.setup,
              limitMs: settings.commandLimitMs,
            }),
            onDone: [
              { guard: "hasFailed", target: "#subtask.failed", actions: "keepSetupFailure" },
              { target: "#subtask.coding" },
            ],
            onError: { target: "#subtask.failed", actions: "keepError" },
          },
        },
      },
    },
    coding: {
      invoke: {
        src: "runCodexTurn",
        id: "codex",
        input: ({ context }) => ({
          repository: context.repository,
          worktree: context.worktree as Worktree,
          request: requestOf(context),
          threadId: context.threadId,
          model: context.settings.codexModel,
          silenceMs: context.settings.turnSilenceMs,
          limitMs: context.settings.turnLimitMs,
        }),
        onDone: { target: "checking", actions: "keepTurn" },
        // What an agent wrote before its turn failed is kept all the same.
        onError: { target: "keeping", actions: "keepError" },
      },
    },
    keeping: {
      invoke: {
        src: "checkWork",
        id: "keep",
        input: ({ context }) => checkOf(context),
        onDone: "failed",
        onError: "failed",
      },
    },
    checking: {
      invoke: {
        src: "checkWork",
        id: "check",
        input: ({ context }) => checkOf(context),
        onDone: [
          { guard: "isSound", target: "committing", actions: "keepWork" },
          {
            guard: "mayFollowUp",
            target: "coding",
            actions: ["keepWork", "followUp"],
          },
          { target: "failed", actions: ["keepWork", "refuseWork"] },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    committing: {
      invoke: {
        src: "commitWork",
        id: "commit",
        input: ({ context: { repository, worktree, head, work, subtask, message } }) => ({
          repository,
          worktree: worktree as Worktree,
          head,
          tree: (work as CheckWorkOutput).tree,
          title: subtask.title,
          body: message,
        }),
        onDone: { target: "done", actions: "keepCommit" },
        onError: { target: "failed", actions: "keepError" },
      },
    },
    done: { type: "final" },
    failed: { type: "final" },
  },
  output: ({ context: { subtask, head, work, message, error } }) => ({
    id: subtask.id,
    status: error ? ("failed" as const) : ("done" as const),
    commit: error ? null : head,
    stat: work?.stat ?? null,
    message,
    error,
  }),
});

export const subtask = { name: "subtask", version: 1, machine };

function integrated(event: object): IntegrationResult {
  return (event as { readonly output: IntegrationResult }).output;
}

function requestOf({ followUps, subtask: { id }, task, work }: Context): TurnRequest {
  if (followUps === 0) return { kind: "subtask", subtaskId: id, task };
  return { kind: "follow-up", problems: work?.problems ?? [] };
}

function checkOf({ repository, worktree, head }: Context) {
  return { repository, worktree: worktree as Worktree, head };
}
