import type { ArgsDef } from "citty";
import { expect, test } from "vitest";
import { COMMANDS } from "./commands.ts";
import { commandHelp, mainHelp } from "./help.ts";

test("the main help names every command, and what it is for", () => {
  const help = mainHelp();
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    expect(help).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    expect(help).toContain(summary);
  }
});

test.each(Object.entries(COMMANDS))(
  "the help of %s says its usage, its arguments and its flags",
  async (name, entry) => {
    const command = await entry.load();
    const args = (await (typeof command.args === "function" ? command.args() : command.args)) as ArgsDef;
    const help = commandHelp(name, entry, args);
    expect(help).toContain(`Usage: orch ${name}`);
    for (const [key, { type, description }] of Object.entries(args)) {
      expect(help).toContain(type === "positional" ? `<${key}>` : `--${key}`);
      expect(description, key).toBeDefined();
      expect(help).toContain(description);
    }
    const widest = Math.max(...help.split("\n").map(({ length }) => length));
    expect(widest).toBeLessThanOrEqual(140);
  },
);
