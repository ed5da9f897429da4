/** What a scripted model answers: turns, each a list of steps. The shape as it is written, and as it is used. */

import { z } from "zod";
import type { Json } from "../core/json.ts";
import type { TokenUsage } from "../core/usage.ts";

/** How often a fault is given before the step is answered as written. */
const times = z.union([z.int().positive(), z.literal("always")]).default(1);

const kinds = ["cut", "hang", "stall", "nonsense"] as const;

const faultForms = `must be one of ${kinds.join(", ")}, or { kind, times }, or { status, retryAfter, times }, or a list of these`;

const faultSchema = z.union(
  [
    z.enum(kinds).transform((kind) => ({ kind, times: 1 }) as const),
    z.strictObject({ kind: z.enum(kinds), times }),
    z
      .strictObject({
        status: z.int().min(400).max(599),
        /** Seconds, sent as the `retry-after` header. */
        retryAfter: z.number().nonnegative().optional(),
        message: z.string().optional(),
        times,
      })
      .transform((fault) => ({ kind: "status" as const, ...fault })),
  ],
  { error: faultForms },
);

const tokens = z.int().nonnegative().optional();

const stepSchema = z
  .strictObject({
    /** Name of a function tool that is to be called with `arguments`. */
    call: z.string().min(1).optional(),
    arguments: z.record(z.string(), z.json()).optional(),
    /** Shell text that Codex is to run; the step lasts until the command has ended. */
    run: z.string().min(1).optional(),
    /** The final answer, as JSON. */
    json: z.json().optional(),
    /** The final answer, as text. */
    say: z.string().optional(),
    /** Tokens that the answer reports. What is left out is reckoned from the length of the texts. */
    usage: z
      .strictObject({
        inputTokens: tokens,
        cachedInputTokens: tokens,
        outputTokens: tokens,
        reasoningOutputTokens: tokens,
      })
      .optional(),
    /** Milliseconds that the answer takes. */
    delay: z.int().nonnegative().default(0),
    /** The answer waits until `release()` opens this gate. */
    hold: z.string().min(1).optional(),
    /** What goes wrong before the step is answered: one fault, or several in their order. */
    fault: z.union([faultSchema, z.array(faultSchema)], { error: faultForms }).optional(),
  })
  .check((context) => {
    const step = context.value;
    const problem = (message: string, path: string[] = []) =>
      context.issues.push({ code: "custom", input: step, message, path });
    const actions = (["call", "run", "json", "say"] as const).filter((name) => step[name] !== undefined);
    if (actions.length !== 1) {
      problem(`a step is exactly one of call, run, json, say; this one has ${actions.join(" and ") || "none of them"}`);
    }
    if (step.arguments !== undefined && step.call === undefined) problem("arguments belong to a call", ["arguments"]);
  })
  .transform(({ call, arguments: args, run, json, say, usage, delay, hold, fault }): Step => {
    const faults = fault === undefined ? [] : Array.isArray(fault) ? fault : [fault];
    return { action: toAction({ call, args, run, json, say }), usage: usage ?? {}, delay, hold: hold ?? null, faults };
  });

const turnSchema = z
  .strictObject({
    name: z
      .string()
      .max(40)
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be made of lower-case letters, digits and single hyphens"),
    for: z.enum(["codex", "planner"]),
    match: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .transform((match) => (typeof match === "string" ? [match] : match)),
    steps: z.array(stepSchema).min(1, "a turn has at least one step"),
  })
  .check((context) => {
    const { steps, for: client } = context.value;
    for (const [index, { action }] of steps.entries()) {
      const final = action.kind === "say" || action.kind === "json";
      const problem = (message: string) =>
        context.issues.push({ code: "custom", input: action, message, path: ["steps", index] });
      if (action.kind === "run" && client !== "codex") problem("only codex runs shell text; the planner has a call");
      if (final && index < steps.length - 1) problem("only the last step ends the turn, so only it is say or json");
      if (!final && index === steps.length - 1) problem("the last step ends the turn, so it is say or json");
    }
  });

export const scriptSchema = z
  .strictObject({
    /** Texts of user messages that ask a thread to go on: such a message never selects a turn. */
    continues: z.array(z.string().min(1)).default([]),
    turns: z.array(turnSchema).min(1, "a script has at least one turn"),
  })
  .check((context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of context.value.turns.entries()) {
      if (seen.has(name)) {
        const path = ["turns", index, "name"];
        context.issues.push({ code: "custom", input: name, message: `another turn is called "${name}"`, path });
      }
      seen.add(name);
    }
  });

export type Client = "codex" | "planner";

type Action =
  | { readonly kind: "call"; readonly tool: string; readonly arguments: Json }
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "json"; readonly value: Json }
  | { readonly kind: "say"; readonly text: string };

export type Fault = z.output<typeof faultSchema>;

export interface Step {
  readonly action: Action;
  readonly usage: { readonly [figure in keyof TokenUsage]?: number | undefined };
  readonly delay: number;
  readonly hold: string | null;
  readonly faults: readonly Fault[];
}

export type Script = z.output<typeof scriptSchema>;
export type Turn = Script["turns"][number];
/** A script as it is written, in YAML or in a program. */
export type ScriptInput = z.input<typeof scriptSchema>;

interface Written {
  readonly call: string | undefined;
  readonly args: Json | undefined;
  readonly run: string | undefined;
  readonly json: Json | undefined;
  readonly say: string | undefined;
}

function toAction({ call, args, run, json, say }: Written): Action {
  if (call !== undefined) return { kind: "call", tool: call, arguments: args ?? {} };
  if (run !== undefined) return { kind: "run", command: run };
  if (json !== undefined) return { kind: "json", value: json };
  return { kind: "say", text: say ?? "" };
}
