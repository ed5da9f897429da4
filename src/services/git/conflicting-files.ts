/** Reads the versions of the files that conflict, and what became of them. */

import type { JobRepository } from "./job-repository.ts";
import type { Stage } from "./merge.ts";
import { blobText, FOLDER, GITLINK, type TreeEntry, treeEntries } from "./tree-diff.ts";

/** A conflicting file: the text of each version, empty where there is none. */
export interface ConflictingFile {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly resolved: string;
}

export async function readConflicting(
  job: JobRepository,
  stages: readonly Stage[],
  resolved: string,
): Promise<ConflictingFile[]> {
  const paths = [...new Set(stages.map((stage) => stage.path))];
  const entries = await treeEntries(job.trees, resolved, paths);
  const files: ConflictingFile[] = [];
  for (const path of paths) {
    const text = (number: Stage["stage"]) => {
      const stage = stages.find((one) => one.path === path && one.stage === number);
      return entryText(job, stage);
    };
    const [base, ours, theirs] = [await text(1), await text(2), await text(3)];
    files.push({ path, base, ours, theirs, resolved: await entryText(job, entries.get(path)) });
  }
  return files;
}

async function entryText(job: JobRepository, entry: TreeEntry | undefined): Promise<string> {
  if (!entry || entry.mode === GITLINK || entry.mode === FOLDER) return "";
  return blobText(job.trees, entry.id);
}
