/** Makes a folder one that git can read: before git has a look at it, as it would wait for ever. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { type Survey, surveyFolder } from "./survey-folder.ts";

export interface ReadyFolder {
  readonly survey: Survey;
  /** What was removed, each a sentence for the agent. */
  readonly problems: readonly string[];
}

/** Git opens these wherever it finds them. */
const OPENED_BY_GIT = new Set([".gitignore", ".gitattributes", ".gitmodules"]);

export const isOpenedByGit = (path: string): boolean => OPENED_BY_GIT.has(path.split("/").at(-1) ?? "");

/**
 * A pipe holds nothing, so nothing is lost with it.
 *
 * @param isForeign whether the folder is another job's: then nothing is removed in it
 * @throws OrchError `unreadable-worktree`: something would have to be
 */
export async function readyFolder(root: string, { isForeign = false } = {}): Promise<ReadyFolder> {
  const survey = await surveyFolder(root);
  const blockers = survey.special.filter(({ path }) => isOpenedByGit(path));
  const [first] = blockers;
  if (first && isForeign) {
    throw new OrchError(`${printable(join(root, first.path), 300)} is ${first.kind}: git cannot read that worktree`, {
      code: "unreadable-worktree",
      hint: "remove it, then do the same again",
    });
  }
  for (const { path } of blockers) await rm(join(root, path));
  const problems = blockers.map(
    ({ path, kind }) =>
      `"${printable(path)}" was ${kind}, which git cannot read, so it was removed: make it a plain file, or leave it out.`,
  );
  return { survey, problems };
}
