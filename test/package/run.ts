/**
 * `npm run test:package [node version …]`: packs the package, installs it from the registry in an empty project on each Node
 * that it supports, type-checks and runs what a user would. It takes minutes, most of them downloads.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack, ROOT } from "./build-package.ts";
import { codingJob, emptyProject, orch, type Project, program, typeCheck } from "./check-package.ts";

const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : ["22", "24", "26"];
const folder = mkdtempSync(join(tmpdir(), "orch-pack-"));
let failed = 0;
try {
  const tarball = pack(ROOT, folder, "with scripts");
  for (const version of versions) await checkOn(version, tarball);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "The package installs and runs." : `${failed} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;

async function checkOn(version: string, tarball: string): Promise<void> {
  // npm asks before it runs what a package brings: Node's package fetches its binary that way.
  const project = emptyProject({ allowScripts: { node: true } });
  try {
    const wanted = [tarball, `node@${version}`, "xstate@5", "typescript@7", "@types/node@24"];
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...wanted], {
      cwd: project,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const node = join(project, "node_modules", "node", "bin", "node");
    const exact = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
    console.log(`▸ Node ${exact}`);
    await checkAll({ folder: project, node });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

async function checkAll(project: Project): Promise<void> {
  const types = await typeCheck(project, join(project.folder, "node_modules", "typescript", "bin", "tsc"));
  check("a strict consumer type-checks", types === "", types);
  const help = await orch(project, "--help");
  check("orch --help", help.code === 0 && help.stdout.includes("Plan a task"), help);
  const wrong = await orch(project, "rnu");
  check("wrong use is refused", wrong.code === 2 && wrong.stderr.includes('did you mean "orch run"?'), wrong);
  const refused = await program(project, "refused.ts");
  check("runOrchestrator refuses", refused.stdout.startsWith("no-task | there is no task |"), refused);
  const order = await program(project, "order.ts");
  check("a workflow of one's own", order.stdout.trim().endsWith("receipt of order-7"), order);
  const job = await codingJob(project, "orchestrate.ts");
  check("a coding job", job.stdout.startsWith("done: 1 subtask") && job.branches.includes("result-packed"), job);
}

function check(what: string, holds: boolean, said: unknown): void {
  console.log(`  ${holds ? "✓" : "✗"} ${what}`);
  if (holds) return;
  failed += 1;
  console.log(said);
}
