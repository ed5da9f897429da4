/**
 * Brings commits together on a worktree's branch: mechanically first, an agent only at a real conflict, and what the
 * agent answers is checked before it counts.
 */

import { assign, setup } from "xstate";
import type { Conflict, IntegrationInput, IntegrationResult } from "../src/core/coding.ts";
import type { ErrorData } from "../src/core/errors.ts";
import { activity } from "./declare.ts";
import { errorOf, outputOf } from "./events.ts";
import { failure } from "./failure.ts";

interface Context extends IntegrationInput {
  /** The conflict that an agent is working on. */
  readonly conflict: Conflict | null;
  readonly threadId: string | null;
  /** Why the last resolution did not pass. */
  readonly problems: readonly string[];
  readonly followUps: number;
  readonly error: ErrorData | null;
}

const machine = setup({
  types: {
    context: {} as Context,
    input: {} as IntegrationInput,
    output: {} as IntegrationResult,
  },
  actors: {
    integrate: activity<"integrate">(),
    runCodexTurn: activity<"runCodexTurn">(),
    concludeConflict: activity<"concludeConflict">(),
    checkWork: activity<"checkWork">(),
  },
  actions: {
    keepMerged: assign(({ context, event }) => {
      const { head, merged } = outputOf<"integrate">(event);
      return { head, incoming: context.incoming.filter(({ subtaskId }) => !merged.includes(subtaskId)) };
    }),
    openConflict: assign(({ event }) => {
      const { conflict } = outputOf<"integrate">(event);
      return { conflict, threadId: null, problems: [], followUps: 0 };
    }),
    keepThread: assign(({ event }) => ({ threadId: outputOf<"runCodexTurn">(event).threadId })),
    closeConflict: assign(({ context, event }) => ({
      head: outputOf<"concludeConflict">(event).head ?? context.head,
      incoming: context.incoming.filter(({ subtaskId }) => subtaskId !== context.conflict?.subtaskId),
      conflict: null,
    })),
    askAgain: assign(({ context, event }) => ({
      problems: outputOf<"concludeConflict">(event).problems,
      followUps: context.followUps + 1,
    })),
    giveUp: assign(({ context: { conflict }, event }) => ({
      error: failure(
        "conflict-unresolved",
        `the conflict with subtask ${conflict?.subtaskId} in ${conflict?.files.join(", ")} was not resolved: ${outputOf<"concludeConflict">(event).problems.join("; ")}`,
        "the last attempt is kept under refs/orch; resolve it by hand, or retry",
      ),
    })),
    keepError: assign(({ event }) => ({ error: errorOf(event) })),
  },
  guards: {
    hasConflict: ({ event }) => outputOf<"integrate">(event).conflict !== null,
    isResolved: ({ event }) => outputOf<"concludeConflict">(event).head !== null,
    mayAskAgain: ({ context }) => context.followUps < context.settings.maxFollowUps,
  },
}).createMachine({
  id: "integration",
  context: ({ input }) => ({
    ...input,
    conflict: null,
    threadId: null,
    problems: [],
    followUps: 0,
    error: null,
  }),
  initial: "merging",
  states: {
    merging: {
      invoke: {
        src: "integrate",
        id: "integrate",
        input: ({ context: { repository, worktree, head, incoming } }) => ({ repository, worktree, head, incoming }),
        onDone: [
          {
            guard: "hasConflict",
            target: "resolving",
            actions: ["keepMerged", "openConflict"],
          },
          { target: "merged", actions: "keepMerged" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    resolving: {
      invoke: {
        src: "runCodexTurn",
        id: "resolve",
        input: ({ context: { repository, worktree, settings, task, conflict, problems, threadId } }) => ({
          repository,
          worktree,
          request: { kind: "conflict" as const, task, conflict: conflict as Conflict, problems },
          threadId,
          model: settings.codexModel,
          silenceMs: settings.turnSilenceMs,
          limitMs: settings.turnLimitMs,
        }),
        onDone: { target: "checking", actions: "keepThread" },
        // What an agent wrote before its turn failed is kept all the same.
        onError: { target: "keeping", actions: "keepError" },
      },
    },
    keeping: {
      invoke: {
        src: "checkWork",
        id: "keep",
        input: ({ context: { repository, worktree, head } }) => ({ repository, worktree, head }),
        onDone: "failed",
        onError: "failed",
      },
    },
    checking: {
      invoke: {
        src: "concludeConflict",
        id: "conclude",
        input: ({ context: { repository, worktree, head, conflict } }) => ({
          repository,
          worktree,
          head,
          conflict: conflict as Conflict,
        }),
        onDone: [
          { guard: "isResolved", target: "merging", actions: "closeConflict" },
          { guard: "mayAskAgain", target: "resolving", actions: "askAgain" },
          { target: "failed", actions: "giveUp" },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    merged: { type: "final" },
    failed: { type: "final" },
  },
  output: ({ context: { head, error } }) => ({ head, error }),
});

export const integration = { name: "integration", version: 1, machine };
