/** Loads a workflow of one's own from its file. The file is the user's own program: loading it runs it. */

import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, relative } from "node:path";
import { errorMessage, UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { isPlainObject } from "../core/json.ts";
import type { WorkflowDefinition } from "../engine/define-workflow.ts";
import { filesOf, importModule, refuseWithinJob } from "./module-hooks.ts";

export interface OwnWorkflow {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Of the file and all that it imports outside of `node_modules`. */
  readonly hash: string;
  /** What the file exports as its default. */
  readonly definition: WorkflowDefinition;
}

const TYPESCRIPT = [".ts", ".mts"];
const JAVASCRIPT = [".js", ".mjs"];

/** What was loaded in this process stays as it was, whatever becomes of the files. */
const loaded = new Map<string, OwnWorkflow>();

/**
 * @param path absolute
 * @throws UsageError `workflow-file-missing`, `workflow-file-unsafe`, `typescript-off`, `workflow-file-broken`,
 * `no-workflow`, or `workflow-file-changed` if this process has loaded it in another form
 */
export async function loadOwnWorkflow(path: string): Promise<OwnWorkflow> {
  const real = findFile(path);
  refuseWithinJob(real);
  refuseUnreadable(real);
  const known = loaded.get(real);
  if (known) return unchanged(known);
  const module = await importIt(real);
  const own = { path: real, hash: hashFiles(real), definition: workflowOf(real, module.default) };
  loaded.set(real, own);
  return own;
}

function findFile(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isFile()) return real;
  } catch {
    // Said below.
  }
  throw new UsageError(`there is no workflow file ${printable(path, 500)}`, {
    code: "workflow-file-missing",
    hint: "give the path of a file whose default export is a workflow, made by defineWorkflow()",
  });
}

function refuseUnreadable(path: string): void {
  const extension = extname(path);
  if (TYPESCRIPT.includes(extension)) {
    if (process.features.typescript) return;
    throw new UsageError(`this Node (${process.version}) does not run TypeScript, such as ${printable(path, 500)}`, {
      code: "typescript-off",
      hint: "take --no-strip-types out of NODE_OPTIONS, use Node 22.18 or newer, or compile the file to JavaScript",
    });
  }
  if (JAVASCRIPT.includes(extension)) return;
  throw new UsageError(`${printable(path, 500)} is no workflow file`, {
    code: "no-workflow",
    hint: `it must end in ${[...TYPESCRIPT, ...JAVASCRIPT].join(", ")}`,
  });
}

async function importIt(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importModule(path);
  } catch (error) {
    if (error instanceof UsageError) {
      const { code, hint = "" } = error;
      throw new UsageError(`${printable(path, 500)} cannot be loaded: ${error.message}`, { code, hint, cause: error });
    }
    throw new UsageError(`${printable(path, 500)} cannot be loaded: ${whatIsWrong(error)}`, {
      code: "workflow-file-broken",
      hint: "run it by node to see more; it may import what Node finds from where it lies, @orch/orch and xstate",
      cause: error,
    });
  }
}

/** Of an error in the file's syntax, its place is known only from the first line of the stack. */
function whatIsWrong(error: unknown): string {
  const message = errorMessage(error);
  const [place = ""] = error instanceof SyntaxError ? (error.stack ?? "").split("\n") : [];
  const line = /:(\d+)$/.exec(place)?.[1];
  return line === undefined ? message : `${message} (line ${line})`;
}

function workflowOf(path: string, value: unknown): WorkflowDefinition {
  const file = printable(path, 500);
  const none = (what: string, hint: string) => new UsageError(`${file} ${what}`, { code: "no-workflow", hint });
  if (value === undefined) {
    throw none("exports no workflow", "export it as the default: export default defineWorkflow({ … })");
  }
  if (isMachine(value)) {
    throw none(
      "exports a machine that has no name and version",
      'wrap it: export default defineWorkflow({ name: "…", version: 1, machine })',
    );
  }
  const parts = value as Partial<WorkflowDefinition> | null;
  const isWorkflow =
    parts !== null &&
    typeof parts === "object" &&
    typeof parts.name === "string" &&
    typeof parts.version === "number" &&
    isMachine(parts.machine) &&
    isPlainObject(parts.activities ?? {}) &&
    Array.isArray(parts.children ?? []) &&
    Array.isArray(parts.earlier ?? []);
  if (!isWorkflow) throw none("has a default export that is no workflow", "make it by defineWorkflow({ … })");
  const { activities = {}, children = [], earlier = [] } = parts;
  return { ...(parts as WorkflowDefinition), activities, children, earlier };
}

function isMachine(value: unknown): boolean {
  return typeof value === "object" && value !== null && "root" in value && "implementations" in value;
}

function unchanged(own: OwnWorkflow): OwnWorkflow {
  if (hashFiles(own.path) === own.hash) return own;
  throw new UsageError(`${printable(own.path, 500)} has changed since this process loaded it`, {
    code: "workflow-file-changed",
    hint: "start this process anew",
  });
}

function hashFiles(path: string): string {
  const hash = createHash("sha256");
  for (const file of filesOf(path)) {
    hash
      .update(`${relative(dirname(path), file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 32);
}
