/** What one types in the repository to look at a result and to take it. Pure. */

import type { JobHead } from "../../../../src/core/protocol/jobs.ts";

export interface ResultCommand {
  readonly label: string;
  readonly command: string;
}

/** Names come from the repository: what a shell would not read as one plain word is quoted. */
export function resultCommands({ result, baseBranch, baseCommit }: JobHead): readonly ResultCommand[] {
  if (!result?.branch) return [];
  const branch = quote(result.branch);
  return [
    { label: "Look at it", command: `git diff ${quote(baseBranch ?? baseCommit)}...${branch}` },
    { label: "Try it", command: `git switch ${branch}` },
    { label: "Take it", command: `git merge ${branch}` },
  ];
}

function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
