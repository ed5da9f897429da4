/** The README and the example settings say what is so. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SETTINGS, type Setting } from "../src/config/settings.ts";
import { settingsTable } from "./support/settings-table.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "..", name), "utf8");

/** Without the padding that a formatter may give to a table's cells. */
const plain = (text: string) => text.replace(/ *\| */g, "|").replace(/-{3,}/g, "---");

test("the README's table of settings is the one that the settings make", () => {
  expect(plain(read("README.md"))).toContain(plain(settingsTable()));
});

test(".env.example names every variable", () => {
  const example = read(".env.example");
  for (const { variable } of Object.values(SETTINGS as Record<string, Setting>)) {
    if (variable) expect(example).toContain(variable);
  }
});

test("every npm script and file that the README names is there", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = [...read("README.md").matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name as string);
  expect(named).toContain("demo");
  for (const name of named) expect(scripts, name).toHaveProperty(name);
  for (const [, file] of read("README.md").matchAll(/\]\(([A-Za-z./-]+)\)/g)) {
    expect(() => read(file as string), file).not.toThrow();
  }
});
