/** Every check of the repository, one after the other; the last lines say what failed. `npm test` runs this. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const root = join(import.meta.dirname, "..");
const report = join(root, ".tmp", "vitest-report.json");

const checks: readonly Check[] = [
  { name: "format and lint", command: "biome", args: ["ci", "--error-on-warnings", "."] },
  { name: "types", command: "tsc", args: [] },
  { name: "types of the pages", command: "tsc", args: ["-p", "ui"] },
  { name: "dead code", command: "knip", args: [] },
  {
    name: "tests",
    command: "vitest",
    args: ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  },
];

mkdirSync(join(root, ".tmp"), { recursive: true });
rmSync(report, { force: true });

const failed = checks.filter(({ name, command, args }) => {
  console.log(`\n▸ ${name}`);
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status !== 0;
});

const tests = countTests();
console.log(failed.length === 0 ? "\nEvery check passed." : `\nFailed: ${failed.map(({ name }) => name).join(", ")}.`);
const otherFailures = failed.filter(({ name }) => name !== "tests" || tests.failed === 0).length;
console.log(`${tests.passed} passed, ${tests.failed + otherFailures} failed, ${tests.skipped} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;

function countTests(): { passed: number; failed: number; skipped: number } {
  try {
    const counts = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    return {
      passed: counts.numPassedTests ?? 0,
      failed: counts.numFailedTests ?? 0,
      skipped: (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
