/** Logs of a job, by lines, and the turns of its agents, by items. */

import { z } from "zod";
import { usageSchema } from "./common.ts";

export const logSourceSchema = z.object({
  /** Names it in `GET /api/jobs/:job/logs/:log`: `job`, `planner`, `repo-commands`, `commands-<worktree>`, `turn-<effect>-<n>`. */
  id: z.string(),
  kind: z.enum(["job", "planner", "repo-commands", "commands", "turn"]),
  title: z.string(),
  /** Null for the job's own work. */
  subtaskId: z.string().nullable(),
  bytes: z.number(),
  updatedAt: z.number(),
  /** Whether it has items (`turn`) or lines. */
  isItems: z.boolean(),
});
export type LogSource = z.infer<typeof logSourceSchema>;

/** `GET /api/jobs/:job/logs` */
export const logSourcesSchema = z.object({ logs: z.array(logSourceSchema) });
export type LogSources = z.infer<typeof logSourcesSchema>;

/**
 * `from`: number of the first line or item, 0-based; negative: that many before the end. With `search`, `from` is where
 * the search begins, and only what matches comes back (plain text, without regard to case).
 */
export const logQuerySchema = z.object({
  from: z.coerce.number().int().min(-5000).max(100_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(500),
  search: z.string().max(200).optional(),
});

export const logLineSchema = z.object({
  /** 0-based. */
  n: z.number(),
  /** May carry ANSI colours (`ESC[…m`); no other control characters. At most 10,000 characters. */
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

export const turnItemSchema = z.discriminatedUnion("kind", [
  /** What the agent was asked. */
  z.object({ n: z.number(), kind: z.literal("prompt"), text: z.string() }),
  z.object({ n: z.number(), kind: z.literal("message"), text: z.string() }),
  z.object({ n: z.number(), kind: z.literal("reasoning"), text: z.string() }),
  z.object({
    n: z.number(),
    kind: z.literal("command"),
    command: z.string(),
    /** May carry ANSI colours. */
    output: z.string(),
    /** Null while it runs. */
    exitCode: z.number().nullable(),
    isRunning: z.boolean(),
  }),
  z.object({ n: z.number(), kind: z.literal("file-change"), files: z.array(z.string()) }),
  z.object({ n: z.number(), kind: z.literal("tool"), name: z.string() }),
  z.object({ n: z.number(), kind: z.literal("web-search"), query: z.string() }),
  z.object({ n: z.number(), kind: z.literal("todo-list"), done: z.number(), total: z.number() }),
  z.object({ n: z.number(), kind: z.literal("error"), message: z.string() }),
  z.object({ n: z.number(), kind: z.literal("usage"), usage: usageSchema }),
  z.object({ n: z.number(), kind: z.literal("other"), name: z.string() }),
]);
/** A running item keeps its `n` when it is updated or completed: ask again from there. */
export type TurnItem = z.infer<typeof turnItemSchema>;

/** `GET /api/jobs/:job/logs/:log` */
export const logPageSchema = z.object({
  id: z.string(),
  /** Lines or items that there are now. */
  total: z.number(),
  lines: z.array(logLineSchema),
  items: z.array(turnItemSchema),
  /** With `search`: where to search on; null at the end. */
  next: z.number().nullable(),
});
export type LogPage = z.infer<typeof logPageSchema>;
