/** The git subcommands that only read, with every option that is allowed: a table, and nothing that acts. */

import type { OptionRules } from "./command-options.ts";

export interface GitRule extends OptionRules {
  /** Options that are always added, because the repository's configuration could ask for the opposite. */
  readonly forced?: string;
  /** Words that are neither options nor paths: only `grep`'s pattern. */
  readonly pattern?: boolean;
  /** The command changes something when it gets words, unless one of these options stands there. */
  readonly listOnly?: string;
  /** It waits for its standard input when no revision is named. */
  readonly needsWord?: boolean;
}

// Never in these lists, whatever else is added: --output, --ext-diff, --textconv, --filters, --no-index, --contents,
// --show-signature, --submodule, --alternate-refs, -O and --open-files-in-pager, --exec-path, --recurse-submodules, --stdin and
// options that name a file to read from. They run programs, write files, or read outside the repository.

const revisions = {
  flags: `--all --branches --tags --remotes --first-parent --merges --no-merges --reverse --topo-order --date-order
    --author-date-order --full-history --simplify-merges --left-right --cherry-pick --cherry-mark --boundary -i
    --regexp-ignore-case -E --extended-regexp -F --fixed-strings -P --perl-regexp --all-match --invert-grep
    --ancestry-path --no-walk --left-only --right-only --parents --children --dense --sparse --follow`,
  attached: `--max-count --skip --since --after --until --before --author --committer --grep --min-parents
    --max-parents --branches --tags --remotes --glob --exclude`,
  valued: "-n --max-count --skip --since --after --until --before --author --committer --grep",
  number: true,
};

const format = {
  flags: `--oneline --abbrev-commit --no-abbrev-commit --relative-date --no-decorate --graph --no-notes
    --show-pulls --source --no-color --date-order`,
  optional: "--decorate --abbrev --color --pretty",
  attached: "--format --pretty --date --encoding --decorate-refs --decorate-refs-exclude",
};

const diff = {
  flags: `-p -u --patch -s --no-patch --raw --numstat --shortstat --summary --patch-with-stat --name-only --name-status
    --minimal --patience --histogram --full-index --binary -z -w --ignore-all-space -b --ignore-space-change
    --ignore-space-at-eol --ignore-cr-at-eol --ignore-blank-lines -W --function-context -R -a --text --no-renames
    --no-color --no-prefix --pickaxe-all --pickaxe-regex --cached --staged --merge-base --exit-code --quiet --check
    -c --cc -m --find-copies-harder --compact-summary --no-ext-diff --no-textconv --no-indent-heuristic -t -M -C -B -D`,
  optional: `--stat --dirstat --color --word-diff --find-renames --find-copies --abbrev --unified --relative
    --color-words --diff-merges --break-rewrites`,
  attached: `-U -M -C -B --unified --diff-filter --diff-algorithm --word-diff-regex --inter-hunk-context --stat-width
    --stat-count --ws-error-highlight --color-moved --diff-merges --find-object`,
  valued: "-S -G",
};

// The last two keep git from starting itself inside of submodules.
const DIFF_FORCED = "--no-ext-diff --no-textconv --submodule=short --ignore-submodules=dirty";

/** The lists of both, one behind the other. */
function join(...rules: readonly OptionRules[]): OptionRules {
  const list = (name: "flags" | "optional" | "attached" | "valued") => rules.map((rule) => rule[name] ?? "").join(" ");
  return {
    flags: list("flags"),
    optional: list("optional"),
    attached: list("attached"),
    valued: list("valued"),
    number: rules.some((rule) => rule.number === true),
  };
}

const log: GitRule = { ...join(revisions, format, diff, { valued: "-L" }), forced: DIFF_FORCED };

export const GIT_RULES: Readonly<Record<string, GitRule>> = {
  status: {
    flags: "-s --short -b --branch --long -z --ahead-behind --no-ahead-behind --no-renames --show-stash -v --verbose",
    optional: "--porcelain --untracked-files --ignored --column --find-renames",
    attached: "-u",
    forced: "--ignore-submodules=all",
  },
  log,
  show: log,
  diff: { ...diff, forced: DIFF_FORCED },
  shortlog: {
    // Here -n has no value: what is attached to it would be read as more options.
    flags: `${revisions.flags} -s --summary -n --numbered -e --email -c --committer`,
    attached: revisions.attached,
    needsWord: true,
  },
  "rev-list": join(revisions, { flags: "--count --objects --abbrev-commit", attached: "--format --abbrev" }),
  "ls-files": {
    flags: `-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage -t -u --unmerged -z
      --directory --no-empty-directory --exclude-standard --error-unmatch --full-name --eol --deduplicate`,
    attached: "--format --abbrev --exclude",
    valued: "-x",
  },
  "ls-tree": {
    flags: "-d -r -t -l --long -z --name-only --name-status --object-only --full-name --full-tree",
    optional: "--abbrev",
    attached: "--format",
  },
  grep: {
    flags: `-n --line-number --column -i --ignore-case -v --invert-match -w --word-regexp -E --extended-regexp -G
      --basic-regexp -P --perl-regexp -F --fixed-strings -l --files-with-matches --name-only -L --files-without-match
      -c --count -o --only-matching -h -H --full-name -I -a --text -z --null -p --show-function -W --function-context
      --break --heading -q --quiet --all-match --and --or --not --cached --untracked --no-color -r --recursive`,
    optional: "--color",
    attached: "--max-depth --context --after-context --before-context --max-count --threads",
    valued: "-e -A -B -C -m --max-count",
    number: true,
    forced: "--no-textconv",
    pattern: true,
  },
  blame: {
    flags: "-l -t -s -e --show-email -w -p --porcelain --line-porcelain -c -f --show-name -n --show-number --root -b",
    optional: "-M -C --abbrev",
    attached: "--date -M -C",
    valued: "-L",
    forced: "--no-textconv",
  },
  "rev-parse": {
    flags: `--verify --quiet -q --symbolic --symbolic-full-name --show-toplevel --show-prefix --show-cdup
      --is-inside-work-tree --is-bare-repository --is-shallow-repository --all --branches --tags`,
    optional: "--short --abbrev-ref --show-object-format",
  },
  "cat-file": { flags: "-p -t -s -e" },
  describe: {
    flags: "--all --tags --contains --exact-match --long --always --first-parent",
    attached: "--abbrev --candidates --match --exclude",
    valued: "--match --exclude",
  },
  "merge-base": { flags: "-a --all --is-ancestor --octopus --independent --fork-point" },
  branch: {
    flags: "-a --all -r --remotes -v -vv --verbose --list --show-current --no-color -i --ignore-case",
    optional: "--color --abbrev --contains --no-contains --merged --no-merged",
    attached: "--sort --format --points-at",
    listOnly: "--list",
  },
  tag: {
    flags: "-l --list --no-color -i --ignore-case",
    optional: "-n --color --contains --no-contains --merged --no-merged",
    attached: "-n --sort --format --points-at",
    listOnly: "-l --list",
  },
  version: {},
};

/** Why a subcommand that is not in the table is refused, where there is more to say than that it is not. */
export const GIT_REFUSALS: ReadonlyMap<string, string> = new Map([
  ...group("push send-pack", "nothing is pushed by an agent: orch pushes the result branch itself, if the user asked"),
  ...group(
    "remote fetch pull clone ls-remote fetch-pack submodule archive http-fetch svn",
    "there is no network here, and the repository's remotes are not yours to read or change: work with the commits that are here",
  ),
  ...group(
    "reset rebase checkout switch restore commit add rm mv merge cherry-pick revert stash clean apply am worktree init update-ref update-index symbolic-ref read-tree write-tree commit-tree notes replace filter-branch gc prune repack",
    "you only read: describe the change in a subtask's instructions, the subtask's agent makes it",
  ),
  ...group("config var credential", "git's configuration may hold credentials"),
  ...group(
    "difftool mergetool bisect instaweb gui citool",
    "it starts other programs: use git diff, git log or git show",
  ),
]);

function group(subcommands: string, reason: string): [string, string][] {
  return subcommands.split(" ").map((subcommand) => [subcommand, reason]);
}
