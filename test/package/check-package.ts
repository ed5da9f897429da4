/** What must hold of the installed package, whoever installed it and on whatever Node. Each throws if it does not. */

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startScriptedModel } from "../../src/scripted-model/server.ts";
import { planScript } from "../support/plan-script.ts";
import { tempRepository } from "../support/temp-repository.ts";
import { ROOT } from "./build-package.ts";
import { readmeCode } from "./readme-code.ts";

const run = promisify(execFile);
const CONSUMER = join(import.meta.dirname, "consumer");
const PROGRAMS = ["order.ts"];

export interface Project {
  /** With `node_modules/@orch/orch` in it. */
  readonly folder: string;
  readonly node: string;
}

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder outside of the checkout that becomes a user's project: with the programs of the README. */
export function emptyProject(dependencies: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "orch-package-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", type: "module", ...dependencies }));
  cpSync(CONSUMER, folder, { recursive: true });
  cpSync(join(ROOT, "workflows", "review-loop.ts"), join(folder, "review-loop.ts"));
  for (const file of PROGRAMS) writeFileSync(join(folder, file), readmeCode(file));
  return folder;
}

/** Files of the package, relative to its root. */
export function packageFiles({ folder }: Pick<Project, "folder">): string[] {
  const root = join(folder, "node_modules", "@orch", "orch");
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** The user's programs and the package's own declarations pass the strictest compiler. Returns what it says. */
export async function typeCheck({ folder }: Project, tsc: string): Promise<string> {
  const { code, stdout } = await say(process.execPath, [tsc, "-p", folder], folder);
  return code === 0 ? "" : stdout;
}

export function orch(project: Project, ...args: readonly string[]): Promise<Said> {
  return orchWith(project, {}, ...args);
}

export function orchWith(project: Project, environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const bin = join(project.folder, "node_modules", "@orch", "orch", "bin", "orch.js");
  return say(project.node, [bin, ...args], project.folder, environment);
}

export function program(project: Project, file: string, environment: Readonly<Record<string, string>> = {}) {
  return say(project.node, [join(project.folder, file)], project.folder, environment);
}

/** A coding job in a repository of its own, with the real Codex and a model that is played. */
export async function codingJob(project: Project, jobProgram: string): Promise<Said & { readonly branches: string }> {
  using checkout = tempRepository({ files: { "README.md": "# A repository\n" } });
  await using model = asDisposable(await startScriptedModel({ script: planScript({ subtasks: [{ id: "parser" }] }) }));
  mkdirSync(join(checkout.folder, "home"));
  const said = await program(project, jobProgram, {
    PATH: `${join(project.node, "..")}:${process.env.PATH}:${join(ROOT, "node_modules", ".bin")}`,
    HOME: join(checkout.folder, "home"),
    XDG_STATE_HOME: join(checkout.folder, "state"),
    ORCHESTRATOR_BASE_DIR: checkout.root,
    OPENAI_API_KEY: "sk-test-0123456789abcdef",
    OPENAI_BASE_URL: model.url,
  });
  return { ...said, branches: checkout.git(["branch", "--list", "result-*"]) };
}

function asDisposable<T extends { close(): Promise<void> }>(server: T): T & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

async function say(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const { OPENAI_API_KEY: _key, ...inherited } = process.env;
  try {
    const { stdout, stderr } = await run(command, [...args], { cwd, env: { ...inherited, ...environment } });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : 1, stdout, stderr };
  }
}
