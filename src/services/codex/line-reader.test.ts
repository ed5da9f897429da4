import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LineReader } from "./line-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(reader: LineReader): Promise<[string, boolean][]> {
  const lines: [string, boolean][] = [];
  await reader.read((line, cut) => lines.push([line.length > 100 ? `${line.length} characters` : line, cut]));
  return lines;
}

test("a file that grows is read line by line, each line once and only when it is whole", async () => {
  const file = join(folder, "grows");
  const reader = new LineReader(file);

  expect(await linesOf(reader)).toEqual([]);
  appendFileSync(file, "one\ntw");
  expect(await linesOf(reader)).toEqual([["one", false]]);
  appendFileSync(file, Buffer.from("o €\n").subarray(0, 4));
  expect(await linesOf(reader)).toEqual([]);
  appendFileSync(file, Buffer.from("o €\n\nthree\n").subarray(4));
  expect(await linesOf(reader)).toEqual([
    ["two €", false],
    ["three", false],
  ]);
  await reader.close();
});

test("a line that is too long is cut, and those behind it come as they are", async () => {
  const file = join(folder, "long");
  appendFileSync(file, `first\n${"x".repeat(3_000_000)}\nlast\n`);
  const reader = new LineReader(file);

  expect(await linesOf(reader)).toEqual([
    ["first", false],
    ["1048576 characters", true],
    ["last", false],
  ]);
  await reader.close();
});
