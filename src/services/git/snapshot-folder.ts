/** Reads the files of another job's worktree as a tree, and changes nothing there: that job may be at work. */

import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { collectFiles } from "./collect-files.ts";
import { checkedId, type JobRepository, notePath } from "./job-repository.ts";
import { readyFolder } from "./ready-folder.ts";
import { exists } from "./worktree-folder.ts";

/**
 * The id of the tree; null if the folder is not there. What git ignores is missing in it.
 *
 * @param job whose own git directory and index are used
 * @param base commit or tree that the files came from
 */
export async function snapshotFolder(job: JobRepository, folder: string, base: string): Promise<string | null> {
  if (!(await exists(folder))) return null;
  const ready = await readyFolder(folder, { isForeign: true });
  const index = notePath(job, `index/.other-${randomBytes(6).toString("hex")}.tmp`);
  const options = { workTree: folder, index };
  try {
    await job.trees.run(["read-tree", "--reset", checkedId(base)], options);
    await collectFiles(job, options, base, ready);
    return (await job.trees.run(["write-tree"], options)).trim();
  } finally {
    for (const path of [index, `${index}.lock`]) await rm(path, { force: true });
  }
}
