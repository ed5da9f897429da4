/** `orch dispatch`: works on tasks as they come, until there are no more or it is stopped. */

import type { ArgsDef } from "citty";
import type { Config } from "../../config/load-config.ts";
import type { TaskReporter } from "../../dispatch/task-reporter.ts";
import type { TaskSource } from "../../dispatch/task-source.ts";
import type { Orch } from "../../orch.ts";
import { defineOrchCommand, EXIT, type ExitCode, jsonFlag } from "../command.ts";
import { createDispatchPrinter } from "../dispatch-printer.ts";
import { loadSettings } from "../load-settings.ts";
import { dashboardFlag, openDashboard } from "../open-dashboard.ts";
import type { Session } from "../session.ts";
import { StopSignals } from "../stop-signals.ts";
import { createWorkWatch } from "../work-watch.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const dispatch = defineOrchCommand({
  args: async (): Promise<ArgsDef> => {
    const { settingFlags } = await import("../setting-flags.ts");
    // Each task's job has an id of its own.
    const { "job-id": _, ...flags } = settingFlags();
    const jobs = {
      type: "string",
      valueHint: "number",
      description: "How many jobs are worked on at a time. Default: 1.",
    } as const;
    const resume = { type: "boolean", description: "Go on with jobs that an earlier dispatcher left." } as const;
    const dashboard = { ...dashboardFlag, description: "Show the jobs in the browser, too." } as const;
    return { jobs, resume, ...flags, dashboard, json: jsonFlag };
  },
  run: async (args, session) => {
    const { settingValues } = await import("../setting-flags.ts");
    const concurrency = parseJobs(args.jobs as string | undefined);
    const config = loadSettings(session, settingValues(args));
    refuseWithoutSource(config);
    if (config.dryRun) return await showTasks(config, session);
    if (config.telegramToken !== undefined) await refuseTrackedToken(session);
    const { Orch } = await import("../../orch.ts");
    const { inspectRepository } = await import("../../services/git/inspect-repository.ts");
    const { runTaskDispatcher } = await import("../../dispatch/run-task-dispatcher.ts");
    const { codingJobs } = await import("../../dispatch/coding-jobs.ts");
    const { createLogReporter } = await import("../../dispatch/log-reporter.ts");
    // Refused before anything is taken: each task would be refused for it.
    const repository = await inspectRepository({
      path: config.repository,
      baseBranch: config.baseBranch,
      pushRemote: config.pushResult,
    });
    using orch = await Orch.open(config, session.environment, createWorkWatch(session, config, true));
    using stops = new StopSignals(
      () => session.stderr.line("orch: stopping; each job can be gone on with: orch dispatch --resume"),
      () => session.stderr.line("orch: stopped at once"),
    );
    await using _dashboard = args.dashboard ? await openDashboard(session, config, [repository.root]) : null;
    const jobs = codingJobs(orch, config);
    const sources: TaskSource[] = [];
    const reporters = [createDispatchPrinter(session), await createLogReporter(repository, session.redact)];
    if (config.dispatchTasks !== undefined) {
      const { createEnvironmentTaskSource, parseTasks } = await import("../../dispatch/environment-source.ts");
      const tasks = parseTasks(config.dispatchTasks);
      sources.push(createEnvironmentTaskSource({ tasks, repository: repository.root, store: orch.store }));
    }
    if (config.telegramToken !== undefined) {
      const telegram = await openTelegram(config.telegramToken, config, orch, session, [...reporters]);
      sources.push(telegram.source);
      reporters.push(telegram.reporter);
    }
    const { failed, refused, isStopped } = await runTaskDispatcher({
      ...{ jobs, sources, reporters, concurrency },
      repository: repository.root,
      resume: args.resume === true,
      signal: stops.signal,
    });
    if (isStopped) return EXIT.interrupted;
    return failed + refused > 0 ? EXIT.failed : EXIT.ok;
  },
});

/** @param reporters told of what it cannot say */
async function openTelegram(
  token: string,
  { telegramAdmins: admins = [], telegramApiRoot: apiRoot }: Config,
  orch: Orch,
  { redact }: Session,
  reporters: readonly TaskReporter[],
) {
  const { createTelegram } = await import("../../dispatch/telegram/create-telegram.ts");
  return createTelegram({
    ...{ token, admins, apiRoot, redact },
    store: orch.store,
    pricesOf: orch.pricesOf,
    signal: (jobId, event, id) => orch.signal(jobId, event, id),
    report: (event) => {
      for (const reporter of reporters) void reporter.report(event);
    },
  });
}

/** A message that is taken is not given again: a dry run takes none. */
async function showTasks(config: Config, session: Session): Promise<ExitCode> {
  const { dispatchTasks, telegramToken } = config;
  if (dispatchTasks === undefined) {
    throw wrongUsage(
      "a dry run takes no messages from Telegram",
      "set DISPATCH_TASKS to see what would be done for it",
    );
  }
  if (telegramToken !== undefined) session.stderr.line("orch: a dry run takes no messages from Telegram");
  const { parseTasks } = await import("../../dispatch/environment-source.ts");
  const { showDryRuns } = await import("../dry-run.ts");
  // Each job has an id of its own.
  return await showDryRuns(parseTasks(dispatchTasks), { ...config, jobId: undefined }, session);
}

function parseJobs(text: string | undefined): number {
  if (text === undefined) return 1;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw wrongUsage("--jobs is not a number of jobs", "give a whole number from 1 to 99");
}

function refuseWithoutSource({ dispatchTasks, telegramToken, telegramAdmins }: Config): void {
  if (telegramToken !== undefined && telegramAdmins === undefined) {
    throw wrongUsage(
      "TELEGRAM_BOT_TOKEN is set, but not ADMIN_TELEGRAM_ID: the bot would listen to nobody",
      "set ADMIN_TELEGRAM_ID to your user's number in Telegram, or to several with commas",
    );
  }
  if (telegramToken !== undefined || dispatchTasks !== undefined) return;
  throw wrongUsage(
    "there is nothing to take tasks from",
    'set DISPATCH_TASKS="Task A\\nTask B", or TELEGRAM_BOT_TOKEN and ADMIN_TELEGRAM_ID, in the environment or in .env',
  );
}

/** A `.env` that came with the repository is somebody else's word: their bot would be given this machine to work on. */
async function refuseTrackedToken({ environment, directory }: Session): Promise<void> {
  if (environment.TELEGRAM_BOT_TOKEN) return;
  const { findRepository } = await import("../../services/git/find-repository.ts");
  const lookup = await findRepository(directory).catch(() => null);
  const tracked = await lookup?.attempt(["ls-files", "--error-unmatch", "--", `${directory}/.env`]);
  if (tracked?.exitCode !== 0) return;
  throw wrongUsage(
    `TELEGRAM_BOT_TOKEN is set by ${directory}/.env, which git tracks: whoever wrote it would command this machine`,
    "set it in the environment, or in a .env that git ignores",
  );
}
