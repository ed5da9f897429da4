/** The built pages: `index.html` and what it loads. Names are looked up in a list, never joined to a path as they come. */

import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HttpError } from "./http-error.ts";
import { packageRoot } from "./package-root.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
};

/** The folder that `npm run web:build` writes: in a checkout as in the installed package. */
export const builtPages = (): string => join(packageRoot(), "dist", "ui");

export class StaticFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isBuilt(): boolean {
    return existsSync(join(this.#folder, "index.html"));
  }

  async index(): Promise<Response> {
    return answer(await readFile(join(this.#folder, "index.html")), "html", "no-cache");
  }

  /** @param path of the address. Null if it is not one of the built files. */
  async file(path: string): Promise<Response | null> {
    const [, folder = "", name] = /^\/(assets\/)?([^/\\]+)$/.exec(path) ?? [];
    if (name === undefined) return null;
    const names = list(join(this.#folder, folder));
    if (!names.includes(name)) {
      if (folder === "") return null;
      throw new HttpError(
        404,
        "not-found",
        "there is no such file",
        "load the page anew: it may have been built again",
      );
    }
    const kind = name.slice(name.lastIndexOf(".") + 1);
    if (!(kind in TYPES) || kind === "html") return null;
    // Names in assets/ carry a hash of what is in them.
    const cache = folder === "" ? "no-cache" : "public, max-age=31536000, immutable";
    return answer(await readFile(join(this.#folder, folder, name)), kind, cache);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}

function answer(content: Uint8Array, kind: string, cache: string): Response {
  const headers = { "content-type": TYPES[kind] ?? "application/octet-stream", "cache-control": cache };
  return new Response(content as Uint8Array<ArrayBuffer>, { headers });
}
