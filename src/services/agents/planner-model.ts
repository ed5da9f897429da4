/** The model as the Agents SDK sees it: each answer is handed on before it is used, and a stored one replaces a request. */

import type { AgentInputItem, Model, ModelRequest, ModelResponse, StreamEvent } from "@openai/agents";
import type { TokenUsage } from "../../core/usage.ts";
import type { AgentsSdk } from "./agents-sdk.ts";
import { modelTimeout, toModelError } from "./model-errors.ts";
import type { StoredReply } from "./planner-checkpoint.ts";

export interface PlannerModelOptions {
  readonly sdk: AgentsSdk;
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
  readonly name: string;
  /** Milliseconds for one request. */
  readonly limitMs: number;
  /** Called before each request; what it throws stops the run. */
  readonly onRequest: () => void;
  /** Called with each new answer, and awaited before any tool runs. */
  readonly onReply: (reply: StoredReply) => Promise<void>;
}

export class PlannerModel implements Model {
  readonly #options: PlannerModelOptions;
  readonly #inner: Model;
  #stored: StoredReply | null = null;
  #exchange: { readonly input: readonly AgentInputItem[]; readonly output: ModelResponse["output"] } | undefined;

  constructor(options: PlannerModelOptions) {
    this.#options = options;
    const client = new options.sdk.OpenAI({
      apiKey: options.apiKey,
      ...(options.baseUrl !== undefined && { baseURL: options.baseUrl }),
      // The engine tries again, with a backoff that a restart and `retry-after` survive; hidden retries would multiply it.
      maxRetries: 0,
      // Only a second line: it ends with the headers of an answer, ours with the answer.
      timeout: options.limitMs + 5_000,
      // Its debug log shows requests.
      logLevel: "off",
    });
    this.#inner = new options.sdk.OpenAIResponsesModel(client, options.name);
  }

  /** The next request is answered with `reply`, which an earlier attempt had received. */
  replay(reply: StoredReply): void {
    this.#stored = reply;
  }

  /** The newest request and its answer. */
  get exchange() {
    return this.#exchange;
  }

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    const input = typeof request.input === "string" ? [] : request.input;
    const stored = this.#stored;
    this.#stored = null;
    const reply = stored ?? (await this.#ask(request));
    const response: ModelResponse = {
      output: structuredClone(reply.output) as ModelResponse["output"],
      usage: this.#options.sdk.Usage.fromJSON(reply.usage as never),
      ...(reply.responseId !== undefined && { responseId: reply.responseId }),
    };
    this.#exchange = { input: structuredClone(input), output: structuredClone(response.output) };
    return response;
  }

  getStreamedResponse(): AsyncIterable<StreamEvent> {
    throw new Error("the planner does not stream");
  }

  async #ask(request: ModelRequest): Promise<StoredReply> {
    this.#options.onRequest();
    const limit = AbortSignal.timeout(this.#options.limitMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    const response = await this.#inner.getResponse({ ...request, signal }).catch((error: unknown) => {
      request.signal?.throwIfAborted();
      throw limit.aborted ? modelTimeout(this.#options.limitMs) : toModelError(error, [this.#options.apiKey]);
    });
    // Without the raw response: it holds everything a second time. As JSON, so that a stored answer is the same.
    const { output, usage, responseId } = response;
    const reply = JSON.parse(JSON.stringify({ output, usage, responseId })) as StoredReply;
    await this.#options.onReply(reply);
    return reply;
  }
}

/** What one answer cost. */
export function replyUsage(reply: StoredReply): TokenUsage {
  const usage = reply.usage as {
    inputTokens?: number;
    outputTokens?: number;
    inputTokensDetails?: readonly Record<string, number>[];
    outputTokensDetails?: readonly Record<string, number>[];
  };
  return {
    inputTokens: usage.inputTokens ?? 0,
    cachedInputTokens: usage.inputTokensDetails?.[0]?.cached_tokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    reasoningOutputTokens: usage.outputTokensDetails?.[0]?.reasoning_tokens ?? 0,
  };
}
