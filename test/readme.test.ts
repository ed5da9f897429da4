/** The README and the example settings say what is so. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withSettingsTable } from "../scripts/settings-table.ts";
import { SETTINGS, type Setting } from "../src/config/settings.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "..", name), "utf8");

test("the README's table of settings is the one that the settings make; if not: npm run docs", () => {
  const readme = read("README.md");
  expect(readme).toBe(withSettingsTable(readme));
});

test(".env.example explains every variable, and sets none that orch does not know", () => {
  const known = Object.values(SETTINGS as Record<string, Setting>).flatMap(({ variable }) => variable ?? []);
  const paragraphs = read(".env.example").split(/\n\n+/);
  for (const variable of known) {
    const [paragraph = ""] = paragraphs.filter((text) => new RegExp(`\\b${variable}\\b`).test(text));
    expect(paragraph.match(/^# [A-Z`].{20}/m), variable).not.toBeNull();
  }
  const set = [...read(".env.example").matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(set.filter((name) => !known.includes(name as string))).toEqual([]);
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

test.skipIf(!hasSystemd)("the service file in the README is one that systemd takes", () => {
  const [, unit = ""] = /```ini\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "orch-unit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "orch.service");
  writeFileSync(file, unit);
  const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([0, "", ""]);
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
