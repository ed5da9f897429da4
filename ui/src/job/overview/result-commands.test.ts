import { expect, test } from "vitest";
import { jobHead } from "../../live/history.fixture.ts";
import { resultCommands } from "./result-commands.ts";

const result = { branch: "result-a", commit: "1".repeat(40), stat: null, pushedTo: null };

test("the commands name the branches", () => {
  expect(resultCommands(jobHead({ result })).map(({ command }) => command)).toEqual([
    "git diff main...result-a",
    "git switch result-a",
    "git merge result-a",
  ]);
});

test("a branch whose name a shell would read as more than a word is quoted", () => {
  const [diff] = resultCommands(jobHead({ result, baseBranch: "it's;rm" }));
  expect(diff?.command).toBe("git diff 'it'\\''s;rm'...result-a");
});

test("without a branch there is nothing to take", () => {
  expect(resultCommands(jobHead({ result: { ...result, branch: null } }))).toEqual([]);
});
