/** Reads a command's words against the list of options that are allowed: what is not listed is refused. Pure. */

import { printable } from "../../core/ids.ts";

/** The options of one command, as they are written, each list separated by spaces. */
export interface OptionRules {
  /** Without a value: `--all -v`. Single letters may be written together: `-av`. */
  readonly flags?: string;
  /** With a value that may be left out, attached: `--color`, `--color=never`. */
  readonly optional?: string;
  /** With a value that is always attached: `--format=%H`, `-U3`. */
  readonly attached?: string;
  /** With a value, attached or as the next word: `-n5`, `-n 5`, `--max-count=5`. */
  readonly valued?: string;
  /** `-5`, as a short form of `-n 5`. */
  readonly number?: boolean;
}

export type ReadWords =
  | {
      readonly ok: true;
      /** Every option met, by its name. */
      readonly options: ReadonlySet<string>;
      /** What is neither an option nor the value of one: revisions and paths before a `--`. */
      readonly words: readonly string[];
      /** What stands behind `--`; undefined if there is no `--`. */
      readonly paths: readonly string[] | undefined;
    }
  | { readonly ok: false; readonly reason: string };

export function readWords(args: readonly string[], rules: OptionRules): ReadWords {
  const flags = toSet(rules.flags);
  const optional = toSet(rules.optional);
  const attached = toSet(rules.attached);
  const valued = toSet(rules.valued);
  const options = new Set<string>();
  const words: string[] = [];

  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (arg === "--") return { ok: true, options, words, paths: args.slice(index + 1) };
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    if (flags.has(arg) || optional.has(arg)) {
      options.add(arg);
      continue;
    }
    if (rules.number === true && /^-\d+$/.test(arg)) continue;
    if (valued.has(arg)) {
      const value = args[++index];
      // A value that looks like an option is where two readers of the same words could disagree.
      if (value === undefined || value.startsWith("-")) {
        return refuse(`the option ${arg} needs a value; write one that begins with "-" attached to it`);
      }
      options.add(arg);
      continue;
    }
    const name = arg.startsWith("--") ? longName(arg) : arg.slice(0, 2);
    const hasValue = name.length < arg.length;
    if (hasValue && (attached.has(name) || valued.has(name) || (arg.startsWith("--") && optional.has(name)))) {
      options.add(name);
      continue;
    }
    const letters = arg.startsWith("--") ? [] : [...arg.slice(1)].map((letter) => `-${letter}`);
    if (letters.length > 1 && letters.every((letter) => flags.has(letter))) {
      for (const letter of letters) options.add(letter);
      continue;
    }
    return refuse(`the option ${printable(arg)} is not allowed: leave it out`);
  }
  return { ok: true, options, words, paths: undefined };
}

function refuse(reason: string): ReadWords {
  return { ok: false, reason };
}

function longName(arg: string): string {
  const end = arg.indexOf("=");
  return end === -1 ? arg : arg.slice(0, end);
}

function toSet(list: string | undefined): ReadonlySet<string> {
  return new Set(list === undefined ? [] : list.split(/\s+/).filter((word) => word !== ""));
}
