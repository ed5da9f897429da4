/** Reads a script: YAML in, a checked script out, or an error that names the line. */

import { readFile } from "node:fs/promises";
import { type Document, LineCounter, parseDocument } from "yaml";
import { UsageError } from "../core/errors.ts";
import { type Script, type ScriptInput, scriptSchema } from "./script.ts";

/** The checked script of `text` (YAML, so JSON too). Throws a `UsageError` that names file, line and path. */
export function parseScript(text: string, fileName = "script"): Script {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) {
    throw badScript(`${place(fileName, lines, broken.pos[0])}: ${broken.message.split("\n")[0]}`);
  }
  const checked = scriptSchema.safeParse(document.toJS());
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => {
    const offset = offsetOf(document, issue.path);
    return `${place(fileName, lines, offset)}: ${pathText(issue.path)}${issue.message}`;
  });
  throw badScript(problems.join("\n"));
}

/** The checked script of the file at `path`. Throws a `UsageError` if it can't be read or is wrong. */
export async function loadScript(path: string): Promise<Script> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`the script ${path} cannot be read`, {
      code: "script-unreadable",
      hint: "name an existing file",
      cause: error,
    });
  });
  return parseScript(text, path);
}

/** A script written in a program: the same shape and the same checks as in YAML. */
export function defineScript(script: ScriptInput): Script {
  return parseScript(JSON.stringify(script, null, 2));
}

function badScript(message: string): UsageError {
  return new UsageError(message, { code: "bad-script", hint: "correct the script at the place that is named" });
}

function place(fileName: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${fileName}:${line}:${col}`;
}

/** Where the value at `path` stands, or the nearest value around it that exists. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text ? `${text.replace(/^\./, "")}: ` : "";
}
