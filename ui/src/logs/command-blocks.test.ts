import { expect, test } from "vitest";
import { commandBlocks } from "./command-blocks.ts";

test("run_repo_command: each command with where it ran, how it ended, and what it printed", () => {
  const blocks = commandBlocks([
    '2026-11-22T10:00:00.000Z in "src": git log -2',
    "exit code 0",
    "one",
    "exit code 1",
    "",
    '2026-11-22T10:00:01.000Z in "": rm -rf /',
    "refused",
    "rm is not among the programs",
    "",
  ]);
  expect(blocks).toMatchObject([
    {
      n: 0,
      command: "git log -2",
      directory: "src",
      outcome: "exit code 0",
      isGood: true,
      output: ["one", "exit code 1"],
    },
    { n: 5, command: "rm -rf /", directory: ".", outcome: "refused", isGood: false },
  ]);
});

test("setup and verify: the last word counts, what a command prints of itself is output", () => {
  const blocks = commandBlocks([
    "",
    "2026-11-22T10:00:00.000Z $ npm test",
    "exit code 0",
    "not really",
    "exit code 1",
    "",
    "2026-11-22T10:00:09.000Z $ sleep 9",
  ]);
  expect(blocks).toMatchObject([
    {
      command: "npm test",
      directory: null,
      outcome: "exit code 1",
      isGood: false,
      output: ["exit code 0", "not really"],
    },
    { command: "sleep 9", outcome: null, output: [] },
  ]);
});
