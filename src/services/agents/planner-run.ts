/** One planner conversation with the Agents SDK, driven turn by turn, so that it can be kept after each of them. */

import type { AgentInputItem, RunState } from "@openai/agents";
import { OrchError } from "../../core/errors.ts";
import { addUsage, noUsage } from "../../core/usage.ts";
import type { RepoCommandCall } from "../commands/repo-command.ts";
import { type AgentsSdk, loadAgentsSdk } from "./agents-sdk.ts";
import type { PlanAnswer } from "./plan-schema.ts";
import { createPlannerAgent, type PlannerAgent } from "./planner-agent.ts";
import type { PlannerCheckpoint, StoredReply } from "./planner-checkpoint.ts";
import { PlannerModel, replyUsage } from "./planner-model.ts";

export interface PlannerRunOptions {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
  readonly model: string;
  readonly prompt: string;
  readonly question: string;
  readonly maxSubtasks: number;
  /** Requests that one planning may make. */
  readonly maxTurns: number;
  readonly requestLimitMs: number;
  readonly signal: AbortSignal;
  /** Runs a command of the planner's and returns what it is told. */
  readonly runCommand: (call: RepoCommandCall) => Promise<string>;
  /** Called with everything that a next attempt needs, at each step; awaited, so that it is kept before the next. */
  readonly onProgress: (checkpoint: PlannerCheckpoint, line: string) => Promise<void>;
}

export type PlannerAnswer =
  | { readonly ok: true; readonly answer: PlanAnswer }
  /** An answer that is no plan, and why. */
  | { readonly ok: false; readonly problem: string };

/** Milliseconds for one request: Node's `fetch` itself gives up at 300 seconds. */
export const REQUEST_LIMIT_MS = 290_000;

type State = RunState<undefined, PlannerAgent>;

export class PlannerRun {
  readonly #options: PlannerRunOptions;
  readonly #sdk: AgentsSdk;
  readonly #agent: PlannerAgent;
  readonly #model: PlannerModel;
  #state: State;
  #progress: PlannerCheckpoint;

  private constructor(options: PlannerRunOptions, sdk: AgentsSdk) {
    this.#options = options;
    this.#sdk = sdk;
    this.#agent = createPlannerAgent(sdk, options);
    this.#model = new PlannerModel({
      sdk,
      apiKey: options.apiKey,
      baseUrl: options.baseUrl,
      name: options.model,
      limitMs: options.requestLimitMs,
      onRequest: () => this.#refuseMoreThanAllowed(),
      onReply: (reply) => this.#received(reply),
    });
    this.#state = this.#newState(options.prompt);
    this.#progress = {
      format: "orch-planner-1",
      question: options.question,
      state: this.#state.toString(),
      turns: 0,
      reply: null,
      answers: 0,
      sentBack: false,
      usage: noUsage,
    };
  }

  static async begin(options: PlannerRunOptions): Promise<PlannerRun> {
    const run = new PlannerRun(options, await loadAgentsSdk());
    await run.#save({}, "begins to plan");
    return run;
  }

  /** Goes on where an earlier attempt stood. Throws if the SDK cannot read its run state. */
  static async continue(options: PlannerRunOptions, checkpoint: PlannerCheckpoint): Promise<PlannerRun> {
    const run = new PlannerRun(options, await loadAgentsSdk());
    run.#state = await run.#sdk.RunState.fromString(run.#agent, checkpoint.state);
    run.#progress = checkpoint;
    if (checkpoint.reply !== null) run.#model.replay(checkpoint.reply);
    await run.#save({}, "goes on with the plan");
    return run;
  }

  get sentBack(): boolean {
    return this.#progress.sentBack;
  }

  /** Goes on until the model answers instead of reading. */
  async answer(): Promise<PlannerAnswer> {
    for (;;) {
      const answer = await this.#turn();
      if (answer !== undefined) return answer;
    }
  }

  /** Gives the answer back in the same conversation; `answer` then waits for a better one. */
  async sendBack(words: string): Promise<void> {
    const { input = [], output = [] } = this.#model.exchange ?? {};
    // The service takes no call without its result, and no reasoning without what came of it.
    const isWhole = output.some(isMessage) && !output.some(isCall);
    const said = isWhole ? output : [];
    this.#state = this.#newState([...input, ...said, { role: "user", content: words }]);
    await this.#save({ state: this.#state.toString(), turns: 0, reply: null, sentBack: true }, "sends the plan back");
  }

  /** One request with what it asks for; undefined if the model only read. */
  async #turn(): Promise<PlannerAnswer | undefined> {
    const { signal } = this.#options;
    const runner = new this.#sdk.Runner({
      modelProvider: { getModel: () => this.#model },
      tracingDisabled: true,
      toolNotFoundBehavior: "return_error_to_model",
    });
    try {
      // One turn more than the state has: the SDK stops before the next request, and the state is whole.
      const maxTurns = this.#progress.turns + 1;
      const result = await runner.run(this.#agent, this.#state, { maxTurns, signal });
      if (result.finalOutput === undefined) return { ok: false, problem: "the answer is empty" };
      return { ok: true, answer: result.finalOutput };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof this.#sdk.MaxTurnsExceededError && error.state) {
        if (!this.#model.exchange?.output.some(isCall)) {
          return { ok: false, problem: "the answer holds no plan" };
        }
        this.#state = error.state as State;
        await this.#save({ state: this.#state.toString(), turns: this.#progress.turns + 1, reply: null }, "thinks");
        return undefined;
      }
      if (error instanceof this.#sdk.ModelBehaviorError || error instanceof this.#sdk.ModelRefusalError) {
        return { ok: false, problem: error.message };
      }
      // A command could not be run at all: the disk, the log, the program.
      throw error instanceof this.#sdk.ToolCallError ? error.error : error;
    }
  }

  #newState(input: string | AgentInputItem[]): State {
    return new this.#sdk.RunState(new this.#sdk.RunContext(), input, this.#agent, 1) as State;
  }

  #refuseMoreThanAllowed(): void {
    const { maxTurns } = this.#options;
    if (this.#progress.answers < maxTurns) return;
    throw new OrchError(`the planner made ${maxTurns} requests and has no plan yet`, {
      code: "planner-turn-limit",
      hint: "make the task smaller or say where in the repository to look, then start a new job",
    });
  }

  async #received(reply: StoredReply): Promise<void> {
    await this.#save(
      { reply, answers: this.#progress.answers + 1, usage: addUsage(this.#progress.usage, replyUsage(reply)) },
      "got an answer",
    );
  }

  async #save(change: Partial<PlannerCheckpoint>, line: string): Promise<void> {
    this.#progress = { ...this.#progress, ...change };
    await this.#options.onProgress(this.#progress, line);
  }
}

const isCall = (item: { readonly type?: string | undefined }) => item.type === "function_call";
const isMessage = (item: { readonly type?: string | undefined }) => item.type === "message";
