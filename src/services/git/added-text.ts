/** What commits bring in, as text: every added line of every one of them, the names of their files, and their messages. */

import type { Git } from "./git.ts";
import { checkedId } from "./job-repository.ts";

export interface AddedText {
  readonly commit: string;
  /** As git prints it: in quotes if it has unusual characters. Null for a commit's message. */
  readonly path: string | null;
  /** Of the first line; 0 for the name of the file itself, and for a message. */
  readonly line: number;
  readonly text: string;
}

/** Of all commits that `head` has and `base` has not. A merge is compared with its first parent. */
export async function addedText(git: Git, base: string, head: string): Promise<AddedText[]> {
  const range = [checkedId(head), `^${checkedId(base)}`];
  const patches = await git.run([
    "log",
    "--format=format:%x00%H",
    "--patch",
    "--unified=0",
    "--diff-merges=first-parent",
    // Neither an attribute nor a NUL makes a file something that is not looked into.
    "--text",
    "--no-textconv",
    "--no-ext-diff",
    "--no-renames",
    "--no-color",
    "--no-show-signature",
    "--full-index",
    "--ignore-submodules=none",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    ...range,
  ]);
  const messages = await git.run(["log", "--format=format:%x00%H%n%B", ...range]);
  return [...parsePatches(patches), ...parseMessages(messages)];
}

function parseMessages(output: string): AddedText[] {
  return output
    .split("\0")
    .filter(Boolean)
    .map((entry) => {
      const end = entry.indexOf("\n");
      return { commit: entry.slice(0, end), path: null, line: 0, text: entry.slice(end + 1) };
    });
}

const COMMIT = /^\0([0-9a-f]{40}(?:[0-9a-f]{24})?)$/;
const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** A hunk says how many lines it has, so no line of a file is ever taken for a line of the patch. */
export function parsePatches(output: string): AddedText[] {
  const found: AddedText[] = [];
  const lines = output.split("\n");
  let commit = "";
  let path = "";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const hunk = HUNK.exec(line);
    if (hunk) {
      const [, removed = "1", begin = "0", added = "1"] = hunk;
      const text: string[] = [];
      let [out, into] = [Number(removed), Number(added)];
      while ((out > 0 || into > 0) && at + 1 < lines.length) {
        const next = lines[++at] ?? "";
        if (next.startsWith("-")) out -= 1;
        else if (next.startsWith("+")) {
          into -= 1;
          text.push(next.slice(1));
        } else if (!next.startsWith("\\")) break;
      }
      // In UTF-16 every other byte is a NUL.
      if (text.length > 0)
        found.push({ commit, path, line: Number(begin), text: text.join("\n").replaceAll("\0", "") });
    } else if (COMMIT.test(line)) commit = line.slice(1);
    else if (line.startsWith("diff --git ")) {
      path = nameIn(line.slice("diff --git ".length));
      found.push({ commit, path, line: 0, text: path });
    }
  }
  return found;
}

/** `a/x b/x`, or `"a/x\ny" "b/x\ny"`: without renames both halves are the same name. */
function nameIn(names: string): string {
  const half = names.slice((names.length + 1) / 2);
  return half.startsWith('"') ? `"${half.slice(3)}` : half.slice(2);
}
