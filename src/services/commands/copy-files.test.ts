/** Copying secrets into a worktree: through no link, over nothing, out of nowhere but the checkout. */

import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyFiles, normalPaths } from "./copy-files.ts";

function scene() {
  const folder = mkdtempSync(join(tmpdir(), "orch-copy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [from, to, outside] = ["from", "to", "outside"].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [from, to, outside]) mkdirSync(path);
  writeFileSync(join(outside, "other.env"), "OTHER\n");
  writeFileSync(join(from, ".env"), "SECRET\n");
  return { from, to, outside };
}

type Scene = ReturnType<typeof scene>;

test("a file comes with its bytes and its mode, into folders that are made for it, and a missing one is told", async () => {
  const { from, to } = scene();
  const bytes = Buffer.alloc(300_000, "x\0y");
  mkdirSync(join(from, "a/b"), { recursive: true });
  writeFileSync(join(from, "a/b/key.bin"), bytes);
  chmodSync(join(from, "a/b/key.bin"), 0o600);
  expect(await copyFiles(from, to, [".env", "a/b/key.bin", "a/none", "none/x"])).toEqual({
    missing: ["a/none", "none/x"],
  });
  expect(readFileSync(join(to, "a/b/key.bin")).equals(bytes)).toBe(true);
  expect(lstatSync(join(to, "a/b/key.bin")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(to, ".env"), "utf8")).toBe("SECRET\n");
});

test("what is in the worktree already stays", async () => {
  const { from, to } = scene();
  writeFileSync(join(to, ".env"), "theirs\n");
  await copyFiles(from, to, [".env"]);
  expect(readFileSync(join(to, ".env"), "utf8")).toBe("theirs\n");
});

test.each<[string, string, (made: Scene) => void]>([
  [
    "a link at its place, to a file",
    ".env",
    ({ to, outside }) => symlinkSync(join(outside, "other.env"), join(to, ".env")),
  ],
  [
    "a link at its place, to nothing yet",
    ".env",
    ({ to, outside }) => symlinkSync(join(outside, "new"), join(to, ".env")),
  ],
  [
    "a link in a folder's place",
    "a/.env",
    ({ from, to, outside }) => {
      mkdirSync(join(from, "a"));
      writeFileSync(join(from, "a/.env"), "SECRET\n");
      symlinkSync(outside, join(to, "a"));
    },
  ],
  ["a folder at its place", ".env", ({ to }) => mkdirSync(join(to, ".env"))],
  ["a pipe at its place", ".env", ({ to }) => execFileSync("mkfifo", [join(to, ".env")])],
  [
    "a link as the source",
    "linked",
    ({ from, outside }) => symlinkSync(join(outside, "other.env"), join(from, "linked")),
  ],
  ["a link on the way to the source", "dir/other.env", ({ from, outside }) => symlinkSync(outside, join(from, "dir"))],
  ["a folder as the source", "dir", ({ from }) => mkdirSync(join(from, "dir"))],
  ["a pipe as the source", "pipe", ({ from }) => execFileSync("mkfifo", [join(from, "pipe")])],
])("%s is refused, and nothing is written", async (_name, path, plant) => {
  const s = scene();
  plant(s);
  await expect(copyFiles(s.from, s.to, [path])).rejects.toMatchObject({
    code: "copy-refused",
    hint: expect.any(String),
  });
  expect(readdirSync(s.outside)).toEqual(["other.env"]);
  expect(readFileSync(join(s.outside, "other.env"), "utf8")).toBe("OTHER\n");
});

test("paths that leave the repository, or are git's own, are refused as words", () => {
  for (const path of ["../x", "a/../../x", "/etc/passwd", ".git/config", "sub/.GIT/x", "a\0b"]) {
    expect(() => normalPaths([path])).toThrow(expect.objectContaining({ code: "copy-refused" }));
  }
  expect(normalPaths(["./a//b/", "a/b", "x"])).toEqual(["a/b", "x"]);
});

test("somebody who swaps folders for links all the while gets nothing out", async () => {
  const { from, to, outside } = scene();
  mkdirSync(join(from, "a"));
  writeFileSync(join(from, "a/.env"), "SECRET\n");
  const swapper = `cd "$0"; while [ -e going ]; do ln -s "$1" a 2>/dev/null; rm -rf a; mkdir a 2>/dev/null; rm -rf a; done`;
  writeFileSync(join(to, "going"), "");
  const child = spawn("sh", ["-c", swapper, to, outside], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for (let round = 0; round < 300; round++) await copyFiles(from, to, ["a/.env"]).catch(() => undefined);
  rmSync(join(to, "going"));
  await ended;
  for (const name of readdirSync(outside)) expect(readFileSync(join(outside, name), "utf8")).not.toContain("SECRET");
  expect(existsSync(join(from, "a/.env"))).toBe(true);
});
