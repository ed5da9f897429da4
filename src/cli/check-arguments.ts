/**
 * Refuses a command line that says something a command does not know. citty's own parser lets it pass: it ignores
 * unknown flags, flags without their value and arguments that are too many.
 */

import { parseArgs } from "node:util";
import type { ArgDef, ArgsDef } from "citty";
import type { UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { nearest } from "../core/nearest.ts";
import { wrongUsage } from "./wrong-usage.ts";

/** Flags that every command takes; they are read before the command is. */
export const COMMON_FLAGS = {
  help: { type: "boolean", alias: "h", description: "Show this help." },
  debug: { type: "boolean", description: "Show the stack of an unexpected error." },
} as const satisfies ArgsDef;

/** The `valueHint` of a last argument that may be given several times. */
export const SEVERAL = "…";

/**
 * @param command its name with its usage line: `orch show <job>`
 * @throws UsageError `wrong-usage`
 */
export function checkArguments(rawArgs: readonly string[], args: ArgsDef, command: string): void {
  const flags = flagsOf(args);
  const { tokens } = parseArgs({
    args: [...rawArgs],
    options: Object.fromEntries(
      [...flags].map(([name, { isBoolean, short }]) => [
        name,
        { type: isBoolean ? "boolean" : "string", ...(short && { short }) } as const,
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const main = checkFlag(token, flags, command);
    const before = given.get(main);
    if (before !== undefined) {
      const both = before === token.rawName ? "twice" : `beside ${before}`;
      throw wrongUsage(`${token.rawName} is given ${both}`, "give it once");
    }
    given.set(main, token.rawName);
  }
  const positionals = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  checkPositionals(positionals, args, command);
}

interface Flag {
  /** The name that it is an alias of, or its own. */
  readonly main: string;
  readonly isBoolean: boolean;
  readonly short?: string;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** A command's flags by their long names, with those that every command takes. */
export function flagsOf(args: ArgsDef): ReadonlyMap<string, Flag> {
  const entries = Object.entries<ArgDef>({ ...args, ...COMMON_FLAGS }).flatMap(
    ([main, definition]): [string, Flag][] => {
      if (definition.type === "positional") return [];
      const isBoolean = definition.type === "boolean";
      const aliases = [("alias" in definition && definition.alias) || []].flat();
      const short = aliases.find((alias) => alias.length === 1);
      const long = aliases.filter((alias) => alias.length > 1);
      return [
        [main, { main, isBoolean, ...(short !== undefined && { short }) }],
        ...long.map((alias): [string, Flag] => [alias, { main, isBoolean }]),
      ];
    },
  );
  return new Map(entries);
}

/** Returns the flag's main name. */
function checkFlag(token: OptionToken, flags: ReadonlyMap<string, Flag>, command: string): string {
  const { name, rawName, value, inlineValue } = token;
  const negated = name.startsWith("no-") ? flags.get(name.slice(3)) : undefined;
  const flag = flags.get(name) ?? (negated?.isBoolean ? negated : undefined);
  if (!flag) throw unknownFlag(rawName, [...flags.keys()], command);
  if (flag.isBoolean) {
    if (value !== undefined) throw wrongUsage(`${rawName} takes no value`, `give ${rawName} alone, or leave it out`);
    return flag.main;
  }
  const isLikeFlag = inlineValue === false && value !== undefined && value.length > 1 && value.startsWith("-");
  if (value === undefined || value === "" || isLikeFlag) {
    const hint = isLikeFlag
      ? `if "${printable(value)}" is meant as its value, write ${rawName}=${printable(value)}`
      : `write it behind the flag: ${rawName} <value>`;
    throw wrongUsage(`${rawName} needs a value`, hint);
  }
  return flag.main;
}

function unknownFlag(rawName: string, known: readonly string[], command: string): UsageError {
  const meant = nearest(rawName.replace(/^-+/, ""), known);
  const shown = printable(rawName);
  return wrongUsage(
    `there is no flag ${shown}`,
    meant ? `did you mean --${meant}?` : `see "${commandName(command)} --help"`,
  );
}

function checkPositionals(values: readonly string[], args: ArgsDef, command: string): void {
  const names = Object.entries(args).filter(([, { type }]) => type === "positional");
  const missing = names.slice(values.length).find(([, { required }]) => required !== false);
  if (missing) throw wrongUsage(`<${missing[0]}> is missing`, `usage: ${command}`);
  const empty = values.findIndex((value) => value.trim() === "");
  if (empty !== -1 && names[empty]) throw wrongUsage(`<${names[empty][0]}> is empty`, `usage: ${command}`);
  const extra = values[names.length];
  if (extra === undefined || names.at(-1)?.[1].valueHint === SEVERAL) return;
  const isText = names.at(-1)?.[1].valueHint === "text";
  const quoted = `${commandName(command)} "${printable(values.slice(names.length - 1).join(" "))}"`;
  throw wrongUsage(
    `"${printable(extra)}" is one argument too many`,
    isText ? `put several words in quotes: ${quoted}` : `usage: ${command}`,
  );
}

/** `orch show` of `orch show <job>`. */
function commandName(command: string): string {
  return command.split(" ").slice(0, 2).join(" ");
}
