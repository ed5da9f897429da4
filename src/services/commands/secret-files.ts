/** Reads what is to be kept secret out of the files that a job copies into its worktrees, such as `.env`. */

import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import { secretValues } from "../../core/known-secrets.ts";
import { pathProblem } from "./repo-path.ts";

const LARGEST_BYTES = 1024 * 1024;
/** `"clientSecret": "…"` in JSON, `password: …` in YAML, `token = "…"` in TOML; `NAME=…` is dotenv's. */
const PROPERTY = /^[\s{,-]{0,40}["']?([\w.-]{1,100})["']?\s{0,5}[:=]\s{0,5}["']?([^"'\s,}]{8,5000})/gm;

/**
 * The values of `paths` (relative to `root`) that must not get anywhere. What is not there, is no plain file, or is too
 * large to be a file of settings, has none.
 */
export function readSecretFiles(root: string, paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => secretsInText(readPlainFile(root, path))))];
}

function secretsInText(text: string): string[] {
  const properties = [...text.matchAll(PROPERTY)].map(([, name = "", value = ""]) => [name, value] as const);
  return [...secretValues(parse(text)), ...properties.flatMap(([name, value]) => secretValues({ [name]: value }))];
}

function readPlainFile(root: string, path: string): string {
  if (pathProblem(path) !== undefined) return "";
  try {
    // Not through a link, and not waiting for somebody who would write into a pipe.
    const file = openSync(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size, isFile } = { size: fstatSync(file).size, isFile: fstatSync(file).isFile() };
      return isFile && size <= LARGEST_BYTES ? readFileSync(file, "utf8") : "";
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}
