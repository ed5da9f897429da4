/** The README's table of settings, made from the settings themselves: `npm run docs` puts it where it belongs. */

import { SETTINGS, type Setting } from "../src/config/settings.ts";

const BEGIN = "<!-- settings: made by `npm run docs` from src/config/settings.ts -->";
const END = "<!-- /settings -->";

const HEAD = ["flag", "environment, `.env`", "`orch.config.json`", "default", "what it is"];

/** The README with its table as the settings are now. */
export function withSettingsTable(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`README.md has no place for the table: ${BEGIN} … ${END}`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${settingsTable()}\n\n${readme.slice(end)}`;
}

function settingsTable(): string {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(([name, setting]) => [
    [setting.flag, ...(setting.aliases ?? [])].flatMap((flag) => (flag ? [`\`--${flag}\``] : [])).join(", "),
    setting.variable ? `\`${setting.variable}\`` : "",
    setting.inFile ? `\`${name}\`` : "",
    defaultOf(name, setting),
    setting.description,
  ]);
  // Padded, as the formatter wants it.
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return [padded(HEAD), widths.map((width) => "-".repeat(width)), ...rows.map(padded)].map(line).join("\n");
}

/** As it is written where it is set. Empty where there is none, or where the description says more than a value would. */
function defaultOf(name: string, { schema, description }: Setting): string {
  const value: unknown = schema.safeParse(undefined).data;
  if (value === undefined || description.includes("Default:")) return "";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? "none" : `\`${JSON.stringify(value)}\``;
  return `\`${DURATIONS.has(name) ? asDuration(Number(value)) : String(value)}\``;
}

/** Those are milliseconds in the program. */
const DURATIONS: ReadonlySet<string> = new Set(
  Object.entries(SETTINGS as Record<string, Setting>).flatMap(([name, { schema }]) =>
    schema.safeParse("1500ms").data === 1500 ? [name] : [],
  ),
);

function asDuration(ms: number): string {
  const [unit, length] = (
    [
      ["h", 3_600_000],
      ["m", 60_000],
      ["s", 1000],
    ] as const
  ).find(([, each]) => ms % each === 0) ?? ["ms", 1];
  return `${ms / length}${unit}`;
}
