/** What a job changed, by file, and the conflicts between its subtasks. */

import { z } from "zod";
import { diffStatSchema } from "./common.ts";

export const changedFileSchema = z.object({
  /** Its place in the list: names the file in `…/diff/file`. */
  index: z.number(),
  path: z.string(),
  /** Set for a rename. */
  oldPath: z.string().nullable(),
  status: z.enum(["added", "deleted", "modified", "renamed", "type"]),
  /** Null for a binary file. */
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** `of`: a subtask's id, or `result`. */
export const diffQuerySchema = z.object({ of: z.string().max(64).default("result") });

/** `GET /api/jobs/:job/diff?of=…` */
export const diffSchema = z.object({
  of: z.string(),
  /** Full commit ids. Null both: there is nothing to show yet. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Whether it can still change: work that is kept but not finished. */
  isFinal: z.boolean(),
  stat: diffStatSchema,
  files: z.array(changedFileSchema),
});
export type DiffView = z.infer<typeof diffSchema>;

/** `to` of the list that `file` is an index of: if it changed meanwhile the answer is 409 `diff-changed`. */
export const diffFileQuerySchema = diffQuerySchema.extend({
  to: z.string().regex(/^[0-9a-f]{40,64}$/),
  file: z.coerce.number().int().min(0).max(1_000_000),
  /** Unchanged lines around each change; more than the file has: all of it. */
  context: z.coerce.number().int().min(0).max(10_000_000).default(3),
});

/** `GET /api/jobs/:job/diff/file` */
export const fileDiffSchema = z.object({
  file: changedFileSchema,
  /** Unified, from its `@@` lines on; empty for a binary file. */
  patch: z.string(),
  /** Whether the patch was cut (at 2 MB). */
  isCut: z.boolean(),
});
export type FileDiff = z.infer<typeof fileDiffSchema>;

export const conflictSchema = z.object({
  /** Number of the history entry that met it. */
  id: z.number(),
  at: z.number(),
  /** The subtask in whose worktree it was met; null for the result. */
  into: z.string().nullable(),
  /** The subtask whose work came in. */
  subtaskId: z.string(),
  files: z.array(z.string()),
  descriptions: z.array(z.string()),
  state: z.enum(["open", "resolved", "unresolved"]),
  /** Why resolutions were sent back, in order. */
  problems: z.array(z.string()),
  /** The commit that resolved it. */
  commit: z.string().nullable(),
});
export type ConflictView = z.infer<typeof conflictSchema>;

/** `GET /api/jobs/:job/conflicts` */
export const conflictsSchema = z.object({ conflicts: z.array(conflictSchema) });
export type ConflictsView = z.infer<typeof conflictsSchema>;

/** `GET /api/jobs/:job/conflicts/:id/file?file=…` (index in `files`) */
export const conflictFileSchema = z.object({
  path: z.string(),
  /** Null where the file is not there (or is binary, or larger than 1 MB: then `note` says so). */
  base: z.string().nullable(),
  /** What the worktree's branch had. */
  ours: z.string().nullable(),
  /** What came in. */
  theirs: z.string().nullable(),
  /** With git's markers, as the agent was shown it. */
  marked: z.string().nullable(),
  /** What became of it; null while it is not resolved. */
  resolved: z.string().nullable(),
  note: z.string().nullable(),
});
export type ConflictFile = z.infer<typeof conflictFileSchema>;

/** `GET /api/jobs/:job/artifacts`, and `…/artifacts/:name?seq=` for one with its content. */
export const artifactsSchema = z.object({
  artifacts: z.array(z.object({ name: z.string(), seq: z.number(), bytes: z.number() })),
});
export type ArtifactsView = z.infer<typeof artifactsSchema>;
