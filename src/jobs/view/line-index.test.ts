import { appendFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../store/testing/temporary-folder.ts";
import { LineIndex } from "./line-index.ts";

async function read(index: LineIndex, from: number, count: number) {
  const lines: string[] = [];
  const { total } = await index.read(from, count, (n, text) => {
    lines.push(`${n} ${text}`);
    return true;
  });
  return { total, lines };
}

test("any range of a long file is read, also from its end, and what is added later too", async () => {
  const path = join(temporaryFolder(), "log");
  const index = new LineIndex(path);
  expect(await read(index, 0, 10)).toEqual({ total: 0, lines: [] });
  writeFileSync(path, Array.from({ length: 50_000 }, (_, n) => `line ${n} ${"é".repeat(n % 40)}\n`).join(""));
  expect((await read(index, 0, 1)).lines).toEqual(["0 line 0 "]);
  for (const from of [1, 63, 64, 65, 12_345, 49_999]) {
    expect((await read(index, from, 1)).lines).toEqual([`${from} line ${from} ${"é".repeat(from % 40)}`]);
  }
  expect((await read(index, 40_000, 300)).lines.map((line) => line.split(" ")[0])).toEqual(
    Array.from({ length: 300 }, (_, n) => String(40_000 + n)),
  );
  appendFileSync(path, "one more\nnot ended");
  expect(await read(index, -2, 5)).toEqual({ total: 50_002, lines: ["50000 one more", "50001 not ended"] });
  appendFileSync(path, " yet\n");
  expect(await read(index, 50_001, 5)).toEqual({ total: 50_002, lines: ["50001 not ended yet"] });
  expect(await read(index, 60_000, 5)).toEqual({ total: 50_002, lines: [] });
});

test("a file that was replaced is read anew, and a link is not followed", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "log");
  writeFileSync(path, "old\nold\n");
  const index = new LineIndex(path);
  await read(index, 0, 5);
  writeFileSync(join(folder, "other"), "secret\n");
  rmSync(path);
  writeFileSync(path, "new\n");
  expect(await read(index, 0, 5)).toEqual({ total: 1, lines: ["0 new"] });
  rmSync(path);
  symlinkSync(join(folder, "other"), path);
  expect(await read(index, 0, 5)).toEqual({ total: 0, lines: [] });
});
