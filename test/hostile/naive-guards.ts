/** Guards as they are often built, for comparison only: they look at how a command begins. */

export interface NaiveGuard {
  readonly name: string;
  readonly allows: (line: string) => boolean;
}

/** As many a tool's list of commands that need no question. */
const HARMLESS = [
  ...["git status", "git diff", "git log", "git show", "git branch", "git grep", "git blame", "git ls-files"],
  ...["git rev-parse", "git tag", "ls", "cat", "pwd", "head", "tail", "grep", "find", "wc", "sort", "uniq", "tree"],
  ...["npm test", "npm run", "pytest", "node", "echo"],
];

export const naiveGuards: readonly NaiveGuard[] = [
  { name: 'a rule that denies "git push"', allows: (line) => !line.startsWith("git push") },
  {
    name: `a list of ${HARMLESS.length} harmless beginnings`,
    allows: (line) => HARMLESS.some((prefix) => line === prefix || line.startsWith(`${prefix} `)),
  },
];

export function letsThrough({ allows }: NaiveGuard, command: readonly string[]): boolean {
  return allows(command.join(" "));
}
