/** Every command, with what `orch --help` says of it. A command's own file is loaded only when it is asked for. */

import type { CommandDef } from "citty";

export interface CommandEntry {
  readonly summary: string;
  /** Arguments as they stand in the usage line. */
  readonly usage: string;
  // biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own.
  readonly load: () => Promise<CommandDef<any>>;
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: "Plan a task, have it worked on, merge what came out.",
    usage: '"<task>"',
    load: async () => (await import("./commands/run.ts")).run,
  },
  resume: {
    summary: "Go on with a job from where it stands.",
    usage: "<job>",
    load: async () => (await import("./commands/resume.ts")).resume,
  },
  approve: {
    summary: "Let a job that waits work on its plan.",
    usage: "<job>",
    load: async () => (await import("./commands/approve.ts")).approve,
  },
  reject: {
    summary: "Have the plan of a job that waits made anew.",
    usage: '<job> --feedback "<text>"',
    load: async () => (await import("./commands/reject.ts")).reject,
  },
  cancel: {
    summary: "End a job for good; what it has made is kept.",
    usage: "<job>",
    load: async () => (await import("./commands/cancel.ts")).cancel,
  },
  pause: {
    summary: "Stop a job gently, in whatever process it runs.",
    usage: "<job>",
    load: async () => (await import("./commands/pause.ts")).pause,
  },
  continue: {
    summary: "Let a paused job go on.",
    usage: "<job>",
    load: async () => (await import("./commands/continue.ts")).continueJob,
  },
  signal: {
    summary: "Tell a job's machine something: for workflows of your own.",
    usage: "<job> <event> ['<json>']",
    load: async () => (await import("./commands/signal.ts")).signal,
  },
  retry: {
    summary: "Have what failed tried again.",
    usage: "<job> [subtask]",
    load: async () => (await import("./commands/retry.ts")).retry,
  },
  skip: {
    summary: "Go on without a subtask that failed.",
    usage: "<job> <subtask>",
    load: async () => (await import("./commands/skip.ts")).skip,
  },
  fork: {
    summary: "Make a new job from any point of another's history.",
    usage: "<job> --at <point>",
    load: async () => (await import("./commands/fork.ts")).fork,
  },
  dispatch: {
    summary: "Work on the tasks of DISPATCH_TASKS and of a Telegram bot, as they come.",
    usage: "",
    load: async () => (await import("./commands/dispatch.ts")).dispatch,
  },
  list: {
    summary: "List the jobs, newest first.",
    usage: "",
    load: async () => (await import("./commands/list.ts")).list,
  },
  show: {
    summary: "Show a job: its plan, where it stands, what came out.",
    usage: "<job>",
    load: async () => (await import("./commands/show.ts")).show,
  },
  logs: {
    summary: "Show a job's log, or what the agents of a subtask did.",
    usage: "<job>",
    load: async () => (await import("./commands/logs.ts")).logs,
  },
  history: {
    summary: "Show what happened to a job, point by point.",
    usage: "<job>",
    load: async () => (await import("./commands/history.ts")).history,
  },
  replay: {
    summary: "Check that a job's history leads to the same once more.",
    usage: "<job>",
    load: async () => (await import("./commands/replay.ts")).replay,
  },
  ps: {
    summary: "List the processes of jobs on this machine.",
    usage: "",
    load: async () => (await import("./commands/ps.ts")).ps,
  },
  clean: {
    summary: "Remove the worktrees, branches and snapshots of jobs that are done.",
    usage: "[job…]",
    load: async () => (await import("./commands/clean.ts")).clean,
  },
  doctor: {
    summary: "Check that all that a job needs is here.",
    usage: "",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  dashboard: {
    summary: "Show the jobs in the browser, and let them be steered from there.",
    usage: "",
    load: async () => (await import("./commands/dashboard.ts")).dashboard,
  },
  "scripted-model": {
    summary: "Start a model that answers from a script, to try orch without a key.",
    usage: "<script>",
    load: async () => (await import("./commands/scripted-model.ts")).scriptedModel,
  },
};
