/** Makes what names one coding job name another: in inputs, events and artifacts, which are JSON. Pure. */

import { jobPaths, resultBranch, subtaskBranch } from "../../core/job-paths.ts";
import type { Json } from "../../core/json.ts";

export interface Renaming {
  readonly repositoryRoot: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Ids and branches are known by the property that they stand in: a subtask, or a word of an agent, may be called as the
 * job is. The job's folder is unmistakable, and is renamed wherever it is mentioned: an agent may be told that text.
 *
 * Threads become null: each is one job's to go on with.
 */
export function renameJob({ repositoryRoot, from, to }: Renaming): (value: Json) => Json {
  const [folder, newFolder] = [from, to].map((id) => jobPaths(repositoryRoot, id).job) as [string, string];
  const mentioned = new RegExp(`${folder.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\w.-])`, "g");

  const renameText = (key: string, text: string): string | null => {
    switch (key) {
      case "jobId":
        return text === from ? to : text;
      case "branch":
      case "resultBranch":
        return renameBranch(text, from, to);
      case "threadId":
        return null;
      default:
        return text.includes(folder) ? text.replace(mentioned, () => newFolder) : text;
    }
  };
  const rename = (key: string, value: Json | undefined): Json | undefined => {
    if (typeof value === "string") return renameText(key, value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item: Json) => rename(key, item) as Json);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rename(name, part)]));
  };
  return (value) => rename("", value) as Json;
}

function renameBranch(branch: string, from: string, to: string): string {
  if (branch === resultBranch(from)) return resultBranch(to);
  const prefix = subtaskBranch(from, "");
  return branch.startsWith(prefix) ? subtaskBranch(to, branch.slice(prefix.length)) : branch;
}
