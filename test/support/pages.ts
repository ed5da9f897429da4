/** Builds the dashboard's pages if their sources are newer than what was built. */

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const SOURCES = ["ui", "src/core/protocol", "package-lock.json"];

export function buildPages(): void {
  const built = timeOf(join(ROOT, "dist", "ui", "index.html"));
  if (Math.max(...SOURCES.map((path) => newest(join(ROOT, path)))) < built) return;
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vite, "build", "--config", join(ROOT, "ui", "vite.config.ts"), "--logLevel", "warn"],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  if (status !== 0)
    throw new Error(`the pages could not be built: see npm run web:build\n${`${stdout}${stderr}`.slice(-1500)}`);
}

function newest(path: string): number {
  const { isDirectory, time } = { isDirectory: statSync(path).isDirectory(), time: timeOf(path) };
  if (!isDirectory) return time;
  return Math.max(...readdirSync(path, { recursive: true }).map((name) => timeOf(join(path, String(name)))));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
