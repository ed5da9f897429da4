/**
 * A workflow of one's own: one agent works on the task, your checks run, and then the work waits for your review. Your words
 * go back to the same agent, as often as it takes. Nobody reviews: you are reminded, and in the end the job gives up.
 *
 *   orch run --workflow ./review-loop.ts "Add a search box"
 *   orch signal <job> review.change '{"words": "Keep the old shortcut, too."}'
 *   orch signal <job> review.accept
 *
 * Copy it, and make it yours: it is a program like any other, and stands on @orch/orch and xstate alone.
 */

import {
  activity,
  type CodingActivities,
  codingActivity,
  defineWorkflow,
  type ErrorData,
  type RepositoryJobInput,
  type Worktree,
} from "@orch/orch";
import { assign, setup } from "xstate";

type Checked = CodingActivities["checkWork"]["output"];
type Stat = CodingActivities["describeResult"]["output"];

interface Context extends RepositoryJobInput {
  readonly worktree: Worktree | null;
  readonly threadId: string | null;
  /** What the agent is told next. */
  readonly words: string;
  readonly work: Checked | null;
  /** How often the agent had to set its work right since a person last spoke. */
  readonly followUps: number;
  readonly reminders: number;
  readonly head: string;
  readonly stat: Stat | null;
  readonly error: ErrorData | null;
}

type Review = { readonly type: "review.accept" } | { readonly type: "review.change"; readonly words: string };

const MOST_FOLLOW_UPS = 3;
const MOST_REMINDERS = 3;
const HOUR = 3_600_000;

const failure = (code: string, message: string, hint: string): ErrorData => ({ name: "Error", code, message, hint });

const machine = setup({
  types: {
    input: {} as RepositoryJobInput,
    context: {} as Context,
    events: {} as Review,
    output: {} as { resultBranch: string; resultCommit: string; stat: Stat | null },
    tags: {} as "waiting" | "failed",
  },
  // orch's own, by their names, and one of this file.
  actors: {
    prepareJob: codingActivity<"prepareJob">(),
    prepareWorktree: codingActivity<"prepareWorktree">(),
    runCodexTurn: codingActivity<"runCodexTurn">(),
    checkWork: codingActivity<"checkWork">(),
    runCommands: codingActivity<"runCommands">(),
    commitWork: codingActivity<"commitWork">(),
    describeResult: codingActivity<"describeResult">(),
    remind: activity<{ task: string; times: number }, null>(),
  },
  delays: { reviewTime: 4 * HOUR },
  actions: {
    keepError: assign(({ event }) => ({ error: (event as unknown as { error: ErrorData }).error })),
    takeWords: assign(({ event }) =>
      event.type === "review.change" ? { words: event.words, followUps: 0, reminders: 0, error: null } : {},
    ),
    giveUpOnAgent: assign(({ context: { work } }) => ({
      error: failure(
        "work-refused",
        `the agent did not set right: ${work?.problems.join("; ") || "a check that fails"}`,
        "what it wrote is kept in the worktree",
      ),
    })),
    giveUpOnReview: assign({
      error: failure("not-reviewed", "nobody reviewed the work", "accept it or ask for a change: it still waits"),
    }),
  },
  guards: {
    mayFollowUp: ({ context }) => context.followUps < MOST_FOLLOW_UPS,
    mayRemind: ({ context }) => context.reminders < MOST_REMINDERS,
    hasBegun: ({ context }) => context.worktree !== null,
    isSound: ({ context }) => context.work?.problems.length === 0,
    hasChecks: ({ context }) => context.settings.verify.length > 0,
  },
}).createMachine({
  id: "review-loop",
  context: ({ input }) => ({
    ...input,
    ...{ worktree: null, threadId: null, words: input.task, work: null, stat: null, error: null },
    ...{ followUps: 0, reminders: 0, head: input.repository.baseCommit },
  }),
  initial: "preparing",
  states: {
    preparing: {
      initial: "job",
      states: {
        job: {
          invoke: {
            src: "prepareJob",
            id: "prepareJob",
            input: ({ context: { repository } }) => ({ repository }),
            onDone: "worktree",
            onError: { target: "#review-loop.failed", actions: "keepError" },
          },
        },
        worktree: {
          invoke: {
            src: "prepareWorktree",
            id: "prepareWorktree",
            input: ({ context: { jobId, repository, settings } }) => ({
              ...{ repository, name: "result", branch: `result-${jobId}` },
              ...{ startCommit: repository.baseCommit, copy: settings.copy },
            }),
            onDone: { target: "#review-loop.working", actions: assign({ worktree: ({ event }) => event.output }) },
            onError: { target: "#review-loop.failed", actions: "keepError" },
          },
        },
      },
    },
    working: {
      invoke: {
        src: "runCodexTurn",
        id: "work",
        input: ({ context: { repository, worktree, settings, threadId, words } }) => ({
          ...{ repository, worktree: worktree as Worktree, threadId, model: settings.codexModel },
          ...{ silenceMs: settings.turnSilenceMs, limitMs: settings.turnLimitMs },
          request: { kind: "instructions" as const, text: words },
        }),
        onDone: { target: "checking", actions: assign({ threadId: ({ event }) => event.output.threadId }) },
        onError: { target: "failed", actions: "keepError" },
      },
    },
    // Keeps what the agent wrote as a commit under refs/orch, and looks at it: an empty diff, conflict markers, gitlinks …
    checking: {
      invoke: {
        src: "checkWork",
        id: "check",
        input: ({ context: { repository, worktree, head } }) => ({ repository, worktree: worktree as Worktree, head }),
        onDone: [
          {
            guard: ({ event }) => event.output.problems.length > 0,
            target: "following",
            actions: assign(({ event }) => ({
              work: event.output,
              words: `Set this right:\n${event.output.problems.join("\n")}`,
            })),
          },
          { guard: "hasChecks", target: "verifying", actions: assign({ work: ({ event }) => event.output }) },
          { target: "reviewing", actions: assign({ work: ({ event }) => event.output }) },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    verifying: {
      invoke: {
        src: "runCommands",
        id: "verify",
        input: ({ context: { worktree, settings } }) => ({
          ...{ worktree: worktree as Worktree, commands: settings.verify, limitMs: settings.commandLimitMs },
        }),
        onDone: [
          { guard: ({ event }) => event.output.failure === null, target: "reviewing" },
          {
            target: "following",
            actions: assign(({ event: { output } }) => ({
              words: `"${output.failure?.command}" fails. Repair the cause, not the check:\n${output.failure?.outputTail}`,
            })),
          },
        ],
        onError: { target: "failed", actions: "keepError" },
      },
    },
    following: {
      always: [
        {
          guard: "mayFollowUp",
          target: "working",
          actions: assign({ followUps: ({ context }) => context.followUps + 1 }),
        },
        { target: "failed", actions: "giveUpOnAgent" },
      ],
    },
    // A word that comes while the agent still works waits until here.
    reviewing: {
      tags: "waiting",
      on: { "review.accept": "committing", "review.change": { target: "working", actions: "takeWords" } },
      after: {
        reviewTime: [
          {
            guard: "mayRemind",
            target: "reminding",
            actions: assign({ reminders: ({ context }) => context.reminders + 1 }),
          },
          { target: "failed", actions: "giveUpOnReview" },
        ],
      },
    },
    reminding: {
      invoke: {
        src: "remind",
        id: "remind",
        input: ({ context: { task, reminders } }) => ({ task, times: reminders }),
        onDone: "reviewing",
        onError: "reviewing",
      },
    },
    committing: {
      invoke: {
        src: "commitWork",
        id: "commit",
        input: ({ context: { repository, worktree, head, work, task } }) => ({
          ...{ repository, worktree: worktree as Worktree, head, tree: (work as Checked).tree },
          ...{ title: task.split("\n")[0] as string, body: "" },
        }),
        onDone: { target: "describing", actions: assign({ head: ({ event }) => event.output.head }) },
        onError: { target: "failed", actions: "keepError" },
      },
    },
    describing: {
      invoke: {
        src: "describeResult",
        id: "describe",
        input: ({ context: { repository, head } }) => ({ repository, head }),
        onDone: { target: "done", actions: assign({ stat: ({ event }) => event.output }) },
        onError: { target: "failed", actions: "keepError" },
      },
    },
    failed: {
      tags: "failed",
      on: {
        "review.accept": { guard: "isSound", target: "committing" },
        "review.change": { guard: "hasBegun", target: "working", actions: "takeWords" },
      },
    },
    done: { type: "final" },
  },
  // In a coding job's words, so that the command line and the dashboard know a result when they see one.
  output: ({ context: { jobId, head, stat } }) => ({ resultBranch: `result-${jobId}`, resultCommit: head, stat }),
});

export default defineWorkflow({
  name: "review-loop",
  version: 1,
  machine,
  activities: {
    // Yours: a mail, a message, a ticket. It may come twice after a crash; `effectId` is the same then.
    remind: {
      run: async ({ task, times }, { log, effectId }) => {
        log.warn(`reminder ${times}: "${task}" waits for your review`, { effectId });
        return null;
      },
    },
  },
});
