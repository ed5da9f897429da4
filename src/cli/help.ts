/** The texts of `orch --help` and `orch <command> --help`. */

import type { ArgDef, ArgsDef } from "citty";
import { COMMON_FLAGS } from "./check-arguments.ts";
import { COMMANDS, type CommandEntry } from "./commands.ts";

export function mainHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { usage, summary }]) => [`${name} ${usage}`.trim(), summary]);
  return `${[
    "orch has coding agents work on a task side by side, merges what they wrote, and goes on after any crash.",
    "",
    "Usage: orch <command> [flags]",
    "",
    "Commands:",
    ...inColumns(commands),
    "",
    'Flags of a command: "orch <command> --help". Try: orch doctor, then orch run "<task>".',
  ].join("\n")}\n`;
}

export function commandHelp(name: string, { summary, usage }: CommandEntry, args: ArgsDef): string {
  const all = Object.entries<ArgDef>({ ...args, ...COMMON_FLAGS });
  const positionals = all.filter(([, { type }]) => type === "positional");
  const flags = all.filter(([, { type }]) => type !== "positional");
  return `${[
    summary,
    "",
    `Usage: ${usageLine(name, usage)} [flags]`,
    ...section(
      "Arguments",
      positionals.map(([key, { description = "" }]) => [`<${key}>`, description]),
    ),
    ...section(
      "Flags",
      flags.map(([key, { type, description = "", valueHint = "value", ...rest }]) => {
        const names = [key, ...[("alias" in rest && rest.alias) || []].flat()];
        const shown = names.map((flag) => (flag.length === 1 ? `-${flag}` : `--${flag}`)).join(", ");
        return [type === "boolean" ? shown : `${shown} <${valueHint}>`, description];
      }),
    ),
  ].join("\n")}\n`;
}

/** `orch show <job>` */
export function usageLine(name: string, usage: string): string {
  return `orch ${name} ${usage}`.trim();
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", `${title}:`, ...inColumns(rows)];
}

/** Longer than this, the text on the right goes below. */
const WIDEST_LEFT = 30;

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([left = ""]) => (left.length > WIDEST_LEFT ? 0 : left.length)));
  return rows.flatMap(([left = "", right = ""]) =>
    left.length > width ? [`  ${left}`, `  ${" ".repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`],
  );
}
