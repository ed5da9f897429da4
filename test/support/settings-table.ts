/** The README's table of settings, made from the settings themselves. */

import { SETTINGS, type Setting } from "../../src/config/settings.ts";

export function settingsTable(): string {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(([name, setting]) => {
    const flags = [setting.flag, ...(setting.aliases ?? [])].flatMap((flag) => (flag ? [`\`--${flag}\``] : []));
    const variable = setting.variable ? `\`${setting.variable}\`` : "";
    return `| ${flags.join(", ")} | ${variable} | ${setting.inFile ? `\`${name}\`` : ""} | ${setting.description} |`;
  });
  return [
    "| flag | environment, `.env` | `orch.config.json` | what it is |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
