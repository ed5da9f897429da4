/** What a job changed, and the conflicts that it met. */

import {
  type ConflictFile,
  type ConflictsView,
  conflictFileSchema,
  conflictsSchema,
  type DiffView,
  diffSchema,
  type FileDiff,
  fileDiffSchema,
} from "../../../src/core/protocol/diffs.ts";
import { get, path } from "./request.ts";

/** @param of a subtask's id, or `result` */
export const getDiff = (job: string, of: string, signal?: AbortSignal): Promise<DiffView> =>
  get(diffSchema, path`/jobs/${job}/diff`, { of }, signal);

/** @param context unchanged lines around each change */
export const getFileDiff = (
  job: string,
  { of, to, file, context }: { of: string; to: string; file: number; context: number },
  signal?: AbortSignal,
): Promise<FileDiff> => get(fileDiffSchema, path`/jobs/${job}/diff/file`, { of, to, file, context }, signal);

export const listConflicts = (job: string, signal?: AbortSignal): Promise<ConflictsView> =>
  get(conflictsSchema, path`/jobs/${job}/conflicts`, {}, signal);

/** @param file index in the conflict's `files` */
export const getConflictFile = (
  job: string,
  conflict: number,
  file: number,
  signal?: AbortSignal,
): Promise<ConflictFile> => get(conflictFileSchema, path`/jobs/${job}/conflicts/${conflict}/file`, { file }, signal);
