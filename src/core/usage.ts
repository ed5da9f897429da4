/** What model requests cost, in tokens. */

export interface TokenUsage {
  readonly inputTokens: number;
  /** The part of `inputTokens` that the provider had cached. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** The part of `outputTokens` that was reasoning. */
  readonly reasoningOutputTokens: number;
}

export const noUsage: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, (x, y) => x + y);
}

/** The larger of each figure: how a meter that only ever rises (a Codex thread's) is kept. */
export function maxUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(a, b, Math.max);
}

function combine(a: TokenUsage, b: TokenUsage, with_: (x: number, y: number) => number): TokenUsage {
  return {
    inputTokens: with_(a.inputTokens, b.inputTokens),
    cachedInputTokens: with_(a.cachedInputTokens, b.cachedInputTokens),
    outputTokens: with_(a.outputTokens, b.outputTokens),
    reasoningOutputTokens: with_(a.reasoningOutputTokens, b.reasoningOutputTokens),
  };
}
