/** What an agent that only reads may run: judged from the words alone, before anything runs. Pure. */

import { printable } from "../../core/ids.ts";
import { CODE_PROGRAMS, type CodeProgram } from "./code-programs.ts";
import { type OptionRules, readWords } from "./command-options.ts";
import { GIT_REFUSALS, GIT_RULES, type GitRule } from "./git-read-rules.ts";
import { pathProblem } from "./repo-path.ts";

export type CommandVerdict =
  | {
      readonly allowed: true;
      readonly program: Program;
      /** Whether it runs code of the repository: then it gets a copy of the worktree to run in, and only that to write to. */
      readonly runsCode: boolean;
      /** The program's arguments as they are to be run: the given ones, and the options that are always added. */
      readonly args: readonly string[];
      /** Paths among them that must be followed on the disk before it runs, relative to the command's directory. */
      readonly paths: readonly string[];
    }
  | {
      readonly allowed: false;
      /** One sentence or two for the agent: what is not allowed, and what to do instead. */
      readonly reason: string;
    };

export type Program = "git" | "ls" | "pwd" | "cat" | "codex" | CodeProgram;

const MOST_WORDS = 200;
const LONGEST_WORD = 8_000;

const LS: OptionRules = {
  flags: `-a --all -A --almost-all -l -1 -h --human-readable -R --recursive -d --directory -F --classify -p -r --reverse
    -S -t -X -s --size -n --numeric-uid-gid -g -o -G -i --inode -k -v -C -x --group-directories-first --full-time`,
  optional: "--color",
  attached: "--sort --time-style --indicator-style --format",
};
const CAT: OptionRules = {
  flags: "-n --number -b --number-nonblank -s --squeeze-blank -A --show-all -E --show-ends -T --show-tabs -v -e -t",
};
const PWD: OptionRules = { flags: "-L -P --logical --physical" };

/** Judges `command`, one word an element, to be run in `directory` (relative to the repository's root). */
export function judgeCommand(command: readonly string[], directory = "."): CommandVerdict {
  const [program, ...args] = command;
  if (program === undefined || program === "") return refuse("the command is empty: give the program and its words");
  if (command.length > MOST_WORDS || command.some((word) => word.length > LONGEST_WORD)) {
    return refuse(`the command is too long: at most ${MOST_WORDS} words of ${LONGEST_WORD} characters`);
  }
  if (command.some((word) => word.includes("\0"))) return refuse("the command holds a NUL character");
  switch (program) {
    case "git":
      return judgeGit(args, directory);
    case "ls":
      return judgeFiles("ls", args, LS, directory);
    case "cat":
      return judgeFiles("cat", args, CAT, directory);
    case "pwd":
      return judgeFiles("pwd", args, PWD, directory);
    case "codex":
      return judgeCodex(args);
    case "node":
    case "pytest":
    case "npm":
    case "yarn":
    case "pnpm":
      return judgeCode(program, args);
    default:
      return refuse(otherProgram(program));
  }
}

/** What it may be asked starts no agent: that would cost money, and be nobody's subtask. */
function judgeCodex(args: readonly string[]): CommandVerdict {
  const [word = "", ...rest] = args;
  if (rest.length === 0 && ["--version", "-V", "--help", "-h"].includes(word)) {
    return { allowed: true, program: "codex", runsCode: false, args, paths: [] };
  }
  return refuse(
    "codex is allowed with --version and --help only: orch starts the agents itself, so put the work into a subtask's instructions",
  );
}

function judgeCode(program: CodeProgram, args: readonly string[]): CommandVerdict {
  const problem = CODE_PROGRAMS[program](args);
  return problem === undefined ? { allowed: true, program, runsCode: true, args, paths: [] } : refuse(problem);
}

function judgeFiles(program: "ls" | "cat" | "pwd", args: readonly string[], rules: OptionRules, directory: string) {
  const read = readWords(args, rules);
  if (!read.ok) return refuse(`${program}: ${read.reason}`);
  const paths = [...read.words, ...(read.paths ?? [])];
  if (program === "pwd" && paths.length > 0) return refuse("pwd takes no paths");
  if (program === "cat" && paths.length === 0) return refuse("cat needs the path of a file");
  const problem = firstProblem(paths, directory);
  if (problem !== undefined) return refuse(`${program}: ${problem}`);
  return { allowed: true, program, runsCode: false, args, paths } satisfies CommandVerdict;
}

function judgeGit(args: readonly string[], directory: string): CommandVerdict {
  const [subcommand, ...rest] = args;
  if (subcommand === undefined) return refuse(`git needs a subcommand: ${subcommands()}`);
  if (subcommand.startsWith("-")) {
    return refuse(
      `git options before the subcommand (${printable(subcommand)}) are not allowed: begin with ${subcommands()}`,
    );
  }
  const rule = Object.hasOwn(GIT_RULES, subcommand) ? GIT_RULES[subcommand] : undefined;
  if (rule === undefined) {
    const reason = GIT_REFUSALS.get(subcommand) ?? `what is allowed is ${subcommands()}`;
    return refuse(`git ${printable(subcommand)} is not allowed: ${reason}`);
  }
  const read = readWords(rest, rule);
  if (!read.ok) return refuse(`git ${subcommand}: ${read.reason}`);
  const { words, paths = [], options } = read;
  if (rule.listOnly !== undefined && words.length + paths.length > 0) {
    const lists = rule.listOnly.split(" ");
    if (!lists.some((option) => options.has(option))) {
      return refuse(`git ${subcommand} only lists here: write --list before the pattern`);
    }
  }
  if (rule.needsWord === true && words.length === 0 && !options.has("--all")) {
    return refuse(`git ${subcommand} needs a revision, for example HEAD`);
  }
  const problem = firstProblem(withoutPattern(rule, words, options), directory) ?? firstProblem(paths, directory);
  if (problem !== undefined) return refuse(`git ${subcommand}: ${problem}`);
  const forced = rule.forced === undefined ? [] : rule.forced.split(" ");
  // First, because some subcommands take no option behind a word; none of the listed options takes them back.
  return { allowed: true, program: "git", runsCode: false, args: [subcommand, ...forced, ...rest], paths: [] };
}

/** The words that may be paths: `git grep /api` searches for "/api", it does not read it. */
function withoutPattern(rule: GitRule, words: readonly string[], options: ReadonlySet<string>): readonly string[] {
  return rule.pattern === true && !options.has("-e") ? words.slice(1) : words;
}

function firstProblem(paths: readonly string[], directory: string): string | undefined {
  for (const path of paths) {
    // Also behind "--": `git blame -- FILE WORD` takes the last word for a revision, and reads it as an option.
    if (path.startsWith("-")) return `"${printable(path)}" begins with "-": write "./" before it`;
    const problem = pathProblem(path, directory);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const subcommands = () => Object.keys(GIT_RULES).join(", ");

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["grep", "use git grep"],
  ["rg", "use git grep"],
  ["find", "use git ls-files or ls"],
  ["tree", "use git ls-files"],
  ["head", "use cat, with an offset if the output is cut"],
  ["tail", "use cat, with an offset if the output is cut"],
  ["sed", "use cat, with an offset if the output is cut"],
  ["less", "use cat, with an offset if the output is cut"],
  ["npx", "use npm exec, for what is installed"],
  ["python", "use pytest for tests"],
  ["python3", "use pytest for tests"],
  ["make", "name what is to be run in a subtask's instructions"],
]);
const SHELLS = new Set(["sh", "bash", "zsh", "dash", "fish", "env", "sudo", "xargs"]);

function otherProgram(program: string): string {
  const name = `"${printable(program)}"`;
  if (/\s/.test(program.trim())) return `${name} is not a program: give each word as an element of its own`;
  if (program.includes("/")) return `${name} is not allowed: name the program without its path`;
  if (SHELLS.has(program)) return `${name} is not allowed: there is no shell here, give one program and its words`;
  return `${name} is not allowed: ${INSTEAD.get(program) ?? "you can read with git, ls, cat and pwd, and run code with node, npm, yarn, pnpm and pytest"}`;
}

function refuse(reason: string): CommandVerdict {
  return { allowed: false, reason };
}
