/** Merges two commits without a working tree, and tells a conflict as data. */

import { printable } from "../../core/ids.ts";
import { gitFailed } from "./git.ts";
import { checkedId, type JobRepository, mergeViewPath } from "./job-repository.ts";

/** One side of a conflicting path: 1 is the common ancestor, 2 the branch so far, 3 what comes in. */
export interface Stage {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
  readonly stage: 1 | 2 | 3;
}

export interface MergeSides {
  readonly head: string;
  readonly incoming: string;
  /** What the sides are called in conflict markers: safe names. */
  readonly headName: string;
  readonly incomingName: string;
}

export interface MergeResult {
  readonly clean: boolean;
  readonly tree: string;
  readonly stages: readonly Stage[];
  /** Every path that needs a decision: those with stages, and those that a conflict names besides. */
  readonly files: readonly string[];
  /** What is the matter, one sentence of git's for each conflict. */
  readonly descriptions: readonly string[];
}

/**
 * A name that git resolves to the commit without any ref (it looks like the output of `git describe`), so that markers
 * read `<<<<<<< api-0-g1f0c…` instead of a bare hash.
 */
export const sideLabel = (name: string, commit: string): string => `${name}-0-g${commit.slice(0, 20)}`;

export async function mergeCommits(job: JobRepository, sides: MergeSides): Promise<MergeResult> {
  const labels = [
    sideLabel(sides.headName, checkedId(sides.head)),
    sideLabel(sides.incomingName, checkedId(sides.incoming)),
  ];
  const args = ["-c", "merge.conflictStyle=zdiff3", "merge-tree", "--write-tree", "-z", "--messages", ...labels];
  // The only attributes in sight are the base commit's: an agent's `merge=union` decides nothing.
  const result = await job.trees.attempt(args, { workTree: mergeViewPath(job) });
  if (result.exitCode !== 0 && result.exitCode !== 1) throw gitFailed(["merge-tree"], result);
  const parsed = parseMergeTree(result.stdout);
  return {
    ...parsed,
    clean: result.exitCode === 0,
    descriptions: parsed.descriptions.map((text) => printable(withNames(text, labels, sides), 500)),
  };
}

/** Reads what `git merge-tree --write-tree -z --messages` prints: the tree, the stages, then the messages. */
export function parseMergeTree(output: string): Omit<MergeResult, "clean"> {
  const fields = output.split("\0");
  const tree = checkedId(fields[0] ?? "");
  let at = 1;
  const stages: Stage[] = [];
  for (; fields[at]; at++) {
    const [info = "", ...name] = (fields[at] ?? "").split("\t");
    const [mode = "", id = "", stage = ""] = info.split(" ");
    stages.push({ path: name.join("\t"), mode, id, stage: Number(stage) as Stage["stage"] });
  }
  const files = new Set(stages.map(({ path }) => path));
  const descriptions: string[] = [];
  for (at += 1; fields[at]; ) {
    const count = Number(fields[at]);
    const paths = fields.slice(at + 1, at + 1 + count);
    const [kind = "", text = ""] = fields.slice(at + 1 + count, at + 3 + count);
    at += 3 + count;
    if (!kind.startsWith("CONFLICT")) continue;
    for (const path of paths) files.add(path);
    descriptions.push(text.trim());
  }
  return { tree, stages, files: [...files].sort(), descriptions };
}

/** The sides' own names instead of their labels, except in file names that git made of them (`path~label`). */
function withNames(text: string, labels: readonly string[], sides: MergeSides): string {
  const names = [sides.headName, sides.incomingName];
  return labels.reduce((said, label, side) => said.replace(new RegExp(`(?<!~)${label}`, "g"), names[side] ?? ""), text);
}
