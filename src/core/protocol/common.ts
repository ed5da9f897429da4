/** What several messages of the server have in common. All times are milliseconds since the epoch. */

import { z } from "zod";

/** Any JSON. What a model or a repository wrote stands in it as it is: text, never HTML. */
export const jsonSchema: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonSchema), z.record(z.string(), jsonSchema)]),
);
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

export const errorViewSchema = z.object({
  message: z.string(),
  code: z.string().optional(),
  /** What to do next, one sentence. */
  hint: z.string().optional(),
});
export type ErrorView = z.infer<typeof errorViewSchema>;

/** With its causes, the nearest first. No stacks. */
export const fullErrorSchema = errorViewSchema.extend({ causes: z.array(errorViewSchema) });
export type FullError = z.infer<typeof fullErrorSchema>;

/** The body of every answer that is not 2xx. */
export const errorBodySchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export const diffStatSchema = z.object({ files: z.number(), insertions: z.number(), deletions: z.number() });
export type DiffStatView = z.infer<typeof diffStatSchema>;

export const usageSchema = z.object({
  inputTokens: z.number(),
  /** The part of `inputTokens` that the provider had cached. */
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  /** The part of `outputTokens` that was reasoning. */
  reasoningOutputTokens: z.number(),
});
export type UsageView = z.infer<typeof usageSchema>;

/** What it cost in money, by the prices that are set now. */
export const costSchema = z.object({
  /** In units of the currency, unrounded. */
  amount: z.number(),
  /** ISO 4217. */
  currency: z.string(),
  /** Models that were used and have no price: `amount` is without them. */
  unpriced: z.array(z.string()).readonly(),
});
export type CostView = z.infer<typeof costSchema>;

/** `interrupted`: it has not settled, and no orchestrator that lives has it: it can be resumed. */
export const JOB_STATES = ["running", "waiting", "paused", "interrupted", "done", "failed", "cancelled"] as const;
export const jobStateSchema = z.enum(JOB_STATES);
export type JobStateName = z.infer<typeof jobStateSchema>;

export const subtaskStatusSchema = z.enum(["pending", "running", "done", "failed", "blocked", "skipped"]);
