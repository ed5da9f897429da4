/** The activity `planTask`: asks the planner for a plan, checks it, and keeps it. */

import { join } from "node:path";
import type { Activity, ActivityContext } from "../../core/activity.ts";
import type { Plan, PlanTaskInput, PlanTaskOutput } from "../../core/coding.ts";
import { printable } from "../../core/ids.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { hashJson, type Json, toJson } from "../../core/json.ts";
import type { ToolCall, WorkWatch } from "../../core/work-watch.ts";
import { type RepoCommandCall, runRepoCommand } from "../commands/repo-command.ts";
import { removeScratch } from "../commands/scratch-copy.ts";
import { commandsMark } from "../process-marks.ts";
import { endProcessTree } from "../process-tree.ts";
import type { Sandbox } from "../sandbox/run-sandboxed.ts";
import { askForPlan } from "./ask-for-plan.ts";
import { type PlannerCheckpoint, readCheckpoint } from "./planner-checkpoint.ts";
import { feedbackPrompt, taskPrompt } from "./planner-prompt.ts";
import { PlannerRun, type PlannerRunOptions, REQUEST_LIMIT_MS } from "./planner-run.ts";
import { writeJsonFile } from "./write-json-file.ts";

export interface PlanTaskOptions {
  readonly apiKey: string;
  /** Default: the OpenAI client's own. */
  readonly baseUrl?: string | undefined;
  /** What holds the commands that the planner runs. */
  readonly sandbox: Sandbox;
  /** What allow-lists for these commands choose from. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Processes that one command may have at a time. */
  readonly maxProcesses?: number | undefined;
  /** Characters of a command's output that the planner sees (`RUN_REPO_OUTPUT_LIMIT`). Default 4000. */
  readonly outputLimit?: number | undefined;
  /** Told what the planner does. */
  readonly watch?: WorkWatch | undefined;
  /** Requests that one planning may make. Default 40. */
  readonly maxTurns?: number | undefined;
  /** Milliseconds for one request. Default 290 seconds: Node's `fetch` itself gives up at 300. */
  readonly requestLimitMs?: number | undefined;
}

const MAX_TURNS = 40;
/** How often a waiting attempt says that it is alive. */
const HEARTBEAT_MS = 10_000;

/**
 * Makes the activity. Fails with an `OrchError`: `invalid-plan` when a second answer cannot be used either,
 * `planner-turn-limit`, and what `toModelError` tells of the model service.
 */
export function createPlanTask(options: PlanTaskOptions): Activity<PlanTaskInput, PlanTaskOutput> {
  return async (input, context) => {
    context.signal.throwIfAborted();
    const paths = jobPaths(input.repository.root, context.jobId);
    const prompt = promptOf(input, context);
    const question = hashJson({ prompt, commit: input.repository.baseCommit, model: input.model });
    const pulse = new Pulse(context);
    const scratch = join(paths.job, "scratch");
    const mark = commandsMark(input.worktree.path, context.effectId);
    try {
      // What an attempt that was killed left behind.
      await endLeftPlanning(input, context);
      const run = await openRun(
        {
          apiKey: options.apiKey,
          baseUrl: options.baseUrl,
          model: input.model,
          prompt,
          question,
          maxSubtasks: input.maxSubtasks,
          maxTurns: options.maxTurns ?? MAX_TURNS,
          requestLimitMs: options.requestLimitMs ?? REQUEST_LIMIT_MS,
          signal: context.signal,
          runCommand: async (call) => {
            pulse.say(printable(context.redact(`runs ${call.command.join(" ")}`)));
            const begunAt = performance.now();
            const answer = await runRepoCommand(call, {
              root: input.worktree.path,
              log: paths.commandLog,
              scratch,
              mark,
              sandbox: options.sandbox,
              environment: options.environment ?? process.env,
              maxProcesses: options.maxProcesses,
              outputLimit: options.outputLimit,
              signal: context.signal,
              redact: context.redact,
            });
            const worker = { jobId: context.jobId, name: "planner" };
            options.watch?.onToolCall?.(worker, toolCall(call, answer, performance.now() - begunAt));
            return answer;
          },
          onProgress: async (checkpoint, line) => {
            // The answer before its figures: these are in the checkpoint too, and a crash in between loses neither.
            await pulse.keep(checkpoint, line);
            context.recordUsage(`planner:${context.effectId}`, checkpoint.usage);
          },
        },
        context,
      );
      const plan = await askForPlan(run, input.maxSubtasks, context);
      await writeJsonFile(paths.plannerOutput, toJson(plan));
      context.putArtifact("plan", toJson(plan));
      return {
        summary: plan.summary,
        subtasks: plan.subtasks.map(({ id, title, dependsOn }) => ({ id, title, dependsOn })),
      };
    } finally {
      pulse.stop();
      await endLeftPlanning(input, context);
    }
  };
}

/** Ends the commands that a planning left running, and removes the copies that they ran in. */
export async function endLeftPlanning(
  { repository, worktree }: PlanTaskInput,
  context: ActivityContext,
): Promise<void> {
  await endProcessTree(undefined, commandsMark(worktree.path, context.effectId), context.holdsJob);
  if (context.holdsJob()) await removeScratch(join(jobPaths(repository.root, context.jobId).job, "scratch"));
}

/** The first line of an answer says how the command ended. */
function toolCall({ command, worktree }: RepoCommandCall, answer: string, tookMs: number): ToolCall {
  const where = worktree ? ` (in ${worktree})` : "";
  const [outcome = ""] = answer.split("\n", 1);
  return { tool: "run_repo_command", arguments: `${command.join(" ")}${where}`, outcome, tookMs };
}

function promptOf(input: PlanTaskInput, context: ActivityContext): string {
  if (input.feedback === null) return taskPrompt(input.task);
  return feedbackPrompt(input.task, context.getArtifact("plan") as Plan | undefined, input.feedback);
}

async function openRun(options: PlannerRunOptions, context: ActivityContext): Promise<PlannerRun> {
  if (context.lastHeartbeat === undefined) return PlannerRun.begin(options);
  const checkpoint = readCheckpoint(context.lastHeartbeat, options.question);
  if (checkpoint !== undefined) {
    try {
      return await PlannerRun.continue(options, checkpoint);
    } catch (error) {
      context.log.warn("the planner's run state cannot be read; it begins anew", { reason: printable(String(error)) });
      return PlannerRun.begin(options);
    }
  }
  context.log.warn("the planner's checkpoint is not of this planning; it begins anew");
  return PlannerRun.begin(options);
}

/** Tells the engine how far the planner is, and now and then that it is alive. */
class Pulse {
  readonly #context: ActivityContext;
  readonly #timer: NodeJS.Timeout;
  #details: Json | undefined;

  constructor(context: ActivityContext) {
    this.#context = context;
    this.#details = context.lastHeartbeat;
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#timer.unref();
  }

  async keep(checkpoint: PlannerCheckpoint, line: string): Promise<void> {
    this.#details = toJson({ ...checkpoint, line });
    await this.#context.checkpoint(this.#details);
  }

  /** A heartbeat replaces the one before it, so each carries the checkpoint. */
  say(line: string): void {
    this.#details = toJson({ ...(this.#details as object | undefined), line });
    this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    if (!this.#context.signal.aborted && this.#details !== undefined) this.#context.heartbeat(this.#details);
  }
}
