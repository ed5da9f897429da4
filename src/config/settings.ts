/**
 * Every setting of orch in one table: where it may come from, what it must look like, what it is for. Flags of the
 * command line come first, then the environment, then `.env`, then the repository's `orch.config.json`, then the default.
 */

import { z } from "zod";
import { parseDuration } from "../core/durations.ts";

export interface Setting {
  readonly schema: z.ZodType;
  /** Long name of the flag, without hyphens. */
  readonly flag?: string;
  /** Other names of the flag. */
  readonly aliases?: readonly string[];
  /** Name of the environment variable. */
  readonly variable?: string;
  /** Whether `orch.config.json` may set it. */
  readonly inFile?: boolean;
  /** Never printed. */
  readonly isSecret?: boolean;
  readonly description: string;
}

/** "90s", "10m": milliseconds in the program. */
const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue({ code: "custom", message: `"${text}" is not a duration such as "90s", "10m" or "1h"` });
  return z.NEVER;
});

/** Numbers come as text from flags and the environment. */
const count = (least: number, most: number) => {
  const message = `it must be a whole number from ${least} to ${most}`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
};
const flag = z.union(
  [z.boolean(), z.enum(["1", "true", "0", "false", ""]).transform((text) => /1|true/.test(text))],
  "it must be 1 (on) or 0 (off)",
);
const commands = z.array(z.string().trim().min(1));
/** Paths below the repository's root; the git service looks again at what they lead to. */
const relativePaths = z.array(
  z
    .string()
    .min(1)
    .refine(
      (path) => !path.startsWith("/") && !path.split(/[\\/]/).includes(".."),
      "must be a path inside of the repository",
    ),
);
const text = z.string().trim().min(1);
const access = z.enum(["worktree", "network", "everything"]);

const amount = z.number("it must be a number").min(0, "it must not be below 0");
const price = z.strictObject(
  { input: amount, cachedInput: amount.optional(), output: amount },
  'it must be { "input": …, "cachedInput": …, "output": … }; cachedInput may be left out',
);
/** A variable holds it as JSON. */
const prices = z.preprocess(
  parseJson,
  z.strictObject(
    {
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'it must be three capital letters, such as "USD"')
        .default("USD"),
      perMillionTokens: z.record(z.string().min(1), price, "it must be an object with a price for each model"),
    },
    'it must be { "currency": "USD", "perMillionTokens": { "<model>": { "input": …, "output": … } } }',
  ),
);

function parseJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function toUserIds(list: string, context: z.RefinementCtx): readonly number[] {
  const ids = list.split(/[\s,;]+/).filter((id) => id !== "");
  if (ids.length > 0 && ids.every((id) => /^\d{1,15}$/.test(id))) return ids.map(Number);
  context.addIssue({ code: "custom", message: "it must be a user's number, or several with commas" });
  return z.NEVER;
}

export const SETTINGS = {
  repository: {
    schema: text.default("."),
    flag: "repo",
    aliases: ["repo-root", "project-root"],
    variable: "ORCHESTRATOR_BASE_DIR",
    description: "The repository to work on.",
  },
  baseBranch: {
    schema: text.optional(),
    flag: "base-branch",
    description: "Branch that the work starts from. Default: the commit that is checked out.",
  },
  pushResult: {
    schema: flag.default(false),
    flag: "push-result",
    description: "Push the result's branch to the repository's remote when the job is done.",
  },
  jobId: {
    schema: text.optional(),
    flag: "job-id",
    variable: "ORCHESTRATOR_JOB_ID",
    description: "Name of the job. Default: made from the time.",
  },
  approvePlan: {
    schema: flag.default(false),
    flag: "approve-plan",
    inFile: true,
    description: "Wait for `orch approve` before the plan is worked on.",
  },
  concurrency: {
    schema: count(1, 64).default(4),
    flag: "concurrency",
    inFile: true,
    description: "How many subtasks are worked on at a time.",
  },
  maxSubtasks: {
    schema: count(1, 500).default(12),
    flag: "max-subtasks",
    inFile: true,
    description: "The most subtasks that a plan may have.",
  },
  plannerModel: {
    schema: text.default("gpt-5.1"),
    flag: "planner-model",
    inFile: true,
    description: "Model of the planner.",
  },
  codexModel: {
    schema: text.optional(),
    flag: "model",
    inFile: true,
    description: "Model of the agents. Default: Codex's own.",
  },
  setup: {
    schema: commands.default([]),
    inFile: true,
    description: "Commands run in each subtask's worktree before its agent starts.",
  },
  verify: {
    schema: commands.default([]),
    inFile: true,
    description: "Commands that must pass on the merged result.",
  },
  setupAccess: {
    schema: access.default("network"),
    inFile: true,
    description: "What setup commands may reach: as `verifyAccess`. They may run what an agent wrote.",
  },
  verifyAccess: {
    schema: access.default("worktree"),
    inFile: true,
    description:
      'What verify commands may reach: "worktree" (they write there only, no network), "network" (and the network), "everything" (no sandbox).',
  },
  copy: {
    schema: relativePaths.default([]),
    inFile: true,
    description: "Untracked files copied from the checkout into each worktree.",
  },
  allowCredentials: {
    schema: z.array(z.string().min(1)).default([]),
    inFile: true,
    description:
      'What looks like a credential and may be pushed: "path", "folder/" or "path:kind", as the stopped push named it.',
  },
  maxFileMegabytes: {
    schema: count(1, 10_000).default(10),
    inFile: true,
    description: "The largest file that an agent's work may have.",
  },
  maxWorkMegabytes: {
    schema: count(1, 100_000).default(100),
    inFile: true,
    description: "How large the files that one subtask changes may be together.",
  },
  maxFollowUps: {
    schema: count(0, 10).default(2),
    inFile: true,
    description: "How often an agent is asked again when its work does not pass a check.",
  },
  maxRepairs: {
    schema: count(0, 10).default(2),
    inFile: true,
    description: "How often an agent is asked to repair a failing verify command.",
  },
  turnSilence: {
    schema: duration.default(10 * 60_000),
    inFile: true,
    description: "An agent that prints nothing for this long is ended and tried again.",
  },
  turnLimit: {
    schema: duration.default(60 * 60_000),
    inFile: true,
    description: "An agent's turn that lasts longer than this is ended and tried again.",
  },
  commandLimit: {
    schema: duration.default(15 * 60_000),
    inFile: true,
    description: "A setup or verify command that lasts longer than this has failed.",
  },
  maxAttempts: {
    schema: count(1, 100).default(5),
    inFile: true,
    description: "How often a model call or an agent's turn that fails is tried in all.",
  },
  retryInterval: {
    schema: duration.default(5000),
    inFile: true,
    description: "Pause before the second try; it triples with each further one, up to five minutes.",
  },
  prices: {
    schema: prices.optional(),
    variable: "ORCHESTRATOR_PRICES",
    inFile: true,
    description:
      "What models cost, so that jobs show money beside tokens: see the README. The variable holds the same as JSON.",
  },
  apiKey: {
    schema: text.optional(),
    variable: "OPENAI_API_KEY",
    isSecret: true,
    description: "Key for the planner's and the agents' model.",
  },
  baseUrl: {
    schema: z.url({ protocol: /^https?$/ }).default("https://api.openai.com/v1"),
    variable: "OPENAI_BASE_URL",
    description: "Where the model is: a gateway or a local server that speaks the OpenAI Responses API.",
  },
  databasePath: {
    schema: text.optional(),
    variable: "ORCHESTRATOR_DB_PATH",
    description: "The database. Default: `orch/orchestrator.db` in `$XDG_STATE_HOME`, that is `~/.local/state`.",
  },
  codexPath: {
    schema: text.optional(),
    variable: "ORCHESTRATOR_CODEX_PATH",
    description: "The Codex CLI. Default: `codex` on the PATH. Not taken from `.env`.",
  },
  codexHome: {
    schema: text.optional(),
    variable: "CODEX_HOME",
    description: "Where Codex keeps its sessions. Default: `orch/codex` beside the database's default place.",
  },
  maxProcesses: {
    schema: count(32, 100_000).default(512),
    inFile: true,
    description: "An agent or a command that has more processes than this at a time is ended.",
  },
  dangerouslyWithoutSandbox: {
    schema: flag.default(false),
    flag: "dangerously-without-sandbox",
    variable: "ORCHESTRATOR_DANGEROUSLY_WITHOUT_SANDBOX",
    description:
      "DANGEROUS: run a new job without any sandbox. Agents can then do all that you can. Not taken from `.env`.",
  },
  outputLimit: {
    schema: count(200, 1_000_000).default(4000),
    variable: "RUN_REPO_OUTPUT_LIMIT",
    description: "How many characters of a command's output the planner is shown.",
  },
  dryRun: {
    schema: flag.default(false),
    flag: "dry-run",
    variable: "ORCHESTRATOR_DRY_RUN",
    description: "Execute nothing and make nothing: the planner makes a plan, and what a job would do is shown.",
  },
  teeCodex: {
    schema: flag.default(false),
    flag: "tee-codex",
    variable: "ORCHESTRATOR_TEE_CODEX",
    description: "Show what the agents say and run on stderr, too, each line behind its subtask's name.",
  },
  trace: {
    schema: flag.default(false),
    flag: "trace",
    variable: "ORCHESTRATOR_TRACE",
    description: "A line on stderr for each call of a tool: by whom, how long it took, how it ended.",
  },
  dashboardPort: {
    schema: count(0, 65_535).default(4179),
    flag: "port",
    variable: "DASHBOARD_PORT",
    description: "Port of the dashboard on this machine. 0: any that is free.",
  },
  dispatchTasks: {
    schema: text.optional(),
    variable: "DISPATCH_TASKS",
    description: "Tasks for `orch dispatch`, done one after the other: a line each, or with `\\n` between them.",
  },
  telegramToken: {
    schema: z
      .string()
      .trim()
      .regex(/^\d{3,20}:[\w-]{10,100}$/, "it is not the token of a Telegram bot, such as 123456789:AA…")
      .optional(),
    variable: "TELEGRAM_BOT_TOKEN",
    isSecret: true,
    description: "The Telegram bot that `orch dispatch` takes tasks from.",
  },
  telegramAdmins: {
    schema: z.string().transform(toUserIds).optional(),
    variable: "ADMIN_TELEGRAM_ID",
    description: "Whom that bot listens to: the number of a Telegram user, or several with commas.",
  },
  telegramApiRoot: {
    schema: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ""))
      .default("https://api.telegram.org"),
    variable: "TELEGRAM_API_ROOT",
    description: "Where the Bot API is: a server of your own, if not Telegram's.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]["schema"]> };
