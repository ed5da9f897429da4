/**
 * The package as it is published: packed, laid into an empty project outside of the checkout, type-checked and run. What
 * it depends on is lent from the checkout. `npm run test:package` installs it for real, on each Node.
 */

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPackage, ROOT } from "./package/build-package.ts";
import {
  codingJob,
  emptyProject,
  orch,
  orchWith,
  type Project,
  packageFiles,
  program,
  typeCheck,
} from "./package/check-package.ts";

let built: string;
let project: Project;
const inPackage = (...parts: string[]) => join(project.folder, "node_modules", "@orch", "orch", ...parts);

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), "orch-pack-"));
  const tarball = buildPackage(built);
  project = { folder: emptyProject(), node: process.execPath };
  mkdirSync(inPackage(), { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", inPackage(), "--strip-components=1"]);
  lendModules(join(project.folder, "node_modules"));
}, 300_000);

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(project.folder, { recursive: true, force: true });
});

test("the package holds what it needs, and no source map, test or source", () => {
  const files = packageFiles(project);
  expect(files).toEqual(
    expect.arrayContaining(["LICENSE", "README.md", "bin/orch.js", "dist/src/index.js", "dist/src/index.d.ts"]),
  );
  expect(files).toContain("dist/ui/index.html");
  const top = new Set(files.map((file) => file.split("/").slice(0, 2).join("/")));
  expect([...top].sort()).toEqual([
    ...[
      "LICENSE",
      "README.md",
      "bin/orch.js",
      "dist/migrations",
      "dist/src",
      "dist/ui",
      "dist/workflows",
      "package.json",
    ],
  ]);
  expect(
    files.filter((file) => /\.map$|\.(test|testkit|fixture|contract)\.|\/testing\/|(?<!\.d)\.ts$/.test(file)),
  ).toEqual([]);
  const compiled = files.filter((file) => file.endsWith(".js") && /^dist\/(src|workflows|migrations)/.test(file));
  for (const file of compiled) expect(files).toContain(file.replace(/\.js$/, ".d.ts"));
});

test("publint finds nothing", async () => {
  const { messages } = await publint({ pkgDir: inPackage(), strict: true, pack: false });
  expect(messages).toEqual([]);
});

test("package.json says what is imported, for whom, and what it takes", () => {
  const said = JSON.parse(readFileSync(inPackage("package.json"), "utf8"));
  expect(said).toMatchObject({
    ...{ type: "module", bin: { orch: "./bin/orch.js" }, engines: { node: ">=22.18" }, sideEffects: false },
    exports: { ".": { types: "./dist/src/index.d.ts", default: "./dist/src/index.js" } },
  });
});

test("a strict consumer type-checks, and so do the package's own declarations", async () => {
  expect(await typeCheck(project, join(ROOT, "node_modules", "typescript", "bin", "tsc"))).toBe("");
});

test("the command and wrong use speak as they do in the checkout", async () => {
  expect(await orch(project, "--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("Plan a task") });
  expect(await orch(project, "rnu")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "orch run"?'),
  });
  expect((await program(project, "refused.ts")).stdout).toBe(
    'no-task | there is no task | say what is to be done: orch run "<task>"\n',
  );
});

test("a workflow of one's own is loaded beside the package, or it is said why not", async () => {
  const args = ["run", "Do it", "--workflow", "review-loop.ts"];
  const loaded = await orch(project, ...args);
  expect(loaded).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no key for the model") });
  const off = await orchWith(project, { NODE_OPTIONS: "--no-strip-types" }, ...args);
  expect(off).toMatchObject({ code: 2, stderr: expect.stringContaining("does not run TypeScript") });
  expect(off.stderr).toContain("take --no-strip-types out of NODE_OPTIONS");
});

test("a coding job runs from a user's program to its branch", async () => {
  const { code, stdout, stderr, branches } = await codingJob(project, "orchestrate.ts");
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^done: 1 subtask, in /);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) as string)).toMatchObject({ jobId: "packed", status: "done" });
  expect(branches).toContain("result-packed");
});

test("the README's workflow does what the README says, also when it is killed and run again", async () => {
  const first = spawn(project.node, ["order.ts"], { cwd: project.folder, stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: first.stdout })) {
    lines.push(line);
    if (line === "packing") first.kill("SIGKILL");
  }
  // What the activity prints, and what is watched, are not in one order.
  expect(lines.sort()).toEqual(["charged once: order-7", "charging", "packing"]);
  const { code, stdout, stderr } = await program(project, "order.ts");
  expect(code, stderr).toBe(0);
  expect(stdout.trim().split("\n")).toEqual(["charging", "packing", "shipped", "receipt of order-7"]);
  expect((await orch(project, "list")).code).toBe(0);
});

/** Links to the checkout's modules, one by one: the package itself stands among them as a folder. */
function lendModules(folder: string): void {
  const from = join(ROOT, "node_modules");
  for (const name of readdirSync(from)) {
    if (name.startsWith(".") || name === "@orch") continue;
    symlinkSync(join(from, name), join(folder, name));
  }
}
