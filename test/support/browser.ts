/**
 * A headless Chromium out of its npm package: no browser is needed on the machine. The package would unpack itself to a
 * fixed name in the temporary folder, where a half of it, or another's, would be taken for all of it; here it goes to
 * `.tmp`, whole or not at all.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import packed, { inflate } from "@sparticuz/chromium";
import { type BrowserServer, chromium } from "playwright-core";

const ROOT = join(import.meta.dirname, "..", "..");

/** For a process with a single thread in a container without rights. Here they would make it slower and less like a browser. */
const LEFT_OUT = [
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
  // A graphics card played by the processor: plain drawing is several times quicker.
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/** @param args further switches */
export async function startBrowser(args: readonly string[] = []): Promise<BrowserServer> {
  const folder = await unpacked();
  const executablePath = join(folder, "chromium");
  // A machine without a desktop may lack some libraries: the package has them too.
  const needsLibraries = /error while loading shared libraries/.test(
    spawnSync(executablePath, ["--version"], { encoding: "utf8" }).stderr,
  );
  return await chromium.launchServer({
    executablePath,
    args: [...packed.args.filter((arg) => !LEFT_OUT.includes(arg)), "--disable-gpu", ...args],
    env: {
      ...process.env,
      FONTCONFIG_FILE: fontSettings(folder),
      ...(needsLibraries && { LD_LIBRARY_PATH: join(folder, "al2023", "lib") }),
    },
  });
}

/** The package's own settings look for its fonts below `/tmp`. Without any font Chromium ends when a sign is in none. */
function fontSettings(folder: string): string {
  const file = join(folder, "orch-fonts.conf");
  const places = [join(folder, "fonts", "fonts"), "/usr/share/fonts"].map((place) => `<dir>${place}</dir>`).join("");
  const cache = `<cachedir>${join(folder, "fonts-cache")}</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?>\n<fontconfig>${places}${cache}</fontconfig>\n`);
  return file;
}

async function unpacked(): Promise<string> {
  const bin = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..", "bin");
  const { version } = JSON.parse(readFileSync(join(bin, "..", "package.json"), "utf8")) as { version: string };
  const place = join(ROOT, ".tmp", `chromium-${version}`);
  if (existsSync(place)) return place;
  mkdirSync(dirname(place), { recursive: true });
  const half = mkdtempSync(`${place}-`);
  const { TMPDIR } = process.env;
  // Where the package unpacks to: it asks for the temporary folder.
  process.env.TMPDIR = half;
  try {
    const archives = ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"];
    await Promise.all(archives.map((name) => inflate(join(bin, name))));
    renameSync(half, place);
  } catch (error) {
    // Another process was quicker: its own is as good.
    if (!existsSync(place)) throw error;
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(half, { recursive: true, force: true });
  }
  return place;
}
