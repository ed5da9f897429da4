/**
 * Asks the planner for a plan in a dry run: none of its commands is executed. Each is judged as ever, told to whoever
 * watches, and answered as skipped. Nothing is written, nowhere.
 */

import type { Plan } from "../../core/coding.ts";
import { silentLogger } from "../../core/log.ts";
import type { Redact } from "../../core/redact.ts";
import { noUsage, type TokenUsage } from "../../core/usage.ts";
import { judgeCommand } from "../commands/command-policy.ts";
import type { RepoCommandCall } from "../commands/repo-command.ts";
import { askForPlan } from "./ask-for-plan.ts";
import type { PlannerCheckpoint } from "./planner-checkpoint.ts";
import { taskPrompt } from "./planner-prompt.ts";
import { PlannerRun, type PlannerRunOptions, REQUEST_LIMIT_MS } from "./planner-run.ts";

export interface PlanDryOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly task: string;
  readonly maxSubtasks: number;
  readonly signal: AbortSignal;
  readonly redact: Redact;
  /** Told what would have been run; `refused`: why it would not. */
  readonly onSkipped: (command: readonly string[], directory: string, refused: string | null) => void;
}

/** One who is told that nothing is executed has no reason to ask for much. */
const MAX_TURNS = 10;

const SKIPPED =
  "skipped: this is a dry run, nothing is executed. Ask for nothing more, and answer with the plan as far as the task alone allows.";

/** A planning that can be tried again: what the model has answered before is not asked for anew. */
export class DryPlanning {
  readonly #options: PlanDryOptions;
  #checkpoint: PlannerCheckpoint | undefined;

  constructor(options: PlanDryOptions) {
    this.#options = options;
  }

  get usage(): TokenUsage {
    return this.#checkpoint?.usage ?? noUsage;
  }

  /** @throws OrchError as the activity `planTask` */
  async plan(): Promise<Plan> {
    const { apiKey, baseUrl, model, task, maxSubtasks, signal, redact } = this.#options;
    const options: PlannerRunOptions = {
      ...{ apiKey, baseUrl, model, maxSubtasks, signal },
      prompt: taskPrompt(task),
      question: task,
      maxTurns: MAX_TURNS,
      requestLimitMs: REQUEST_LIMIT_MS,
      runCommand: async (call) => this.#skip(call),
      onProgress: async (checkpoint) => {
        this.#checkpoint = checkpoint;
      },
    };
    const before = this.#checkpoint;
    const run = before ? await PlannerRun.continue(options, before) : await PlannerRun.begin(options);
    return await askForPlan(run, maxSubtasks, { log: silentLogger, redact });
  }

  #skip(call: RepoCommandCall): string {
    const { onSkipped, redact } = this.#options;
    const directory = call.worktree || ".";
    const verdict = judgeCommand(call.command, directory);
    const refused = verdict.allowed ? null : redact(verdict.reason);
    onSkipped(call.command.map(redact), directory, refused);
    return refused === null ? SKIPPED : `refused: ${refused}`;
  }
}
