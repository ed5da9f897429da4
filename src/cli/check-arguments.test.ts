import { expect, test } from "vitest";
import { UsageError } from "../core/errors.ts";
import { checkArguments, SEVERAL } from "./check-arguments.ts";

const args = {
  task: { type: "positional", valueHint: "text" },
  part: { type: "positional", required: false },
  repo: { type: "string", alias: "project-root" },
  follow: { type: "boolean", alias: "f" },
} as const;

const check = (...rawArgs: string[]) => checkArguments(rawArgs, args, "orch work <task> [part]");

function refusal(...rawArgs: string[]): UsageError {
  try {
    check(...rawArgs);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${rawArgs.join(" ")} was not refused`);
}

test.each([
  [["it"]],
  [["it", "that"]],
  [["it", "--repo", "a"]],
  [["--repo=a", "it"]],
  [["--project-root", "a", "it"]],
  [["it", "-f"]],
  [["it", "--follow"]],
  [["it", "--no-follow"]],
  [["it", "--debug"]],
  [["-"]],
  [["--", "--it"]],
  [["it", "--repo=--strange"]],
])("%j is what the command knows", (rawArgs) => {
  expect(() => check(...rawArgs)).not.toThrow();
});

test.each([
  [[], "<task> is missing", "usage: orch work <task> [part]"],
  [[""], "<task> is empty", "usage: orch work <task> [part]"],
  [["it", "that", "more"], '"more" is one argument too many', "usage: orch work <task> [part]"],
  [["it", "--repos", "a"], "there is no flag --repos", "did you mean --repo?"],
  [["it", "--elsewhere"], "there is no flag --elsewhere", 'see "orch work --help"'],
  [["it", "--no-repo"], "there is no flag --no-repo", 'see "orch work --help"'],
  [["it", "-x"], "there is no flag -x", 'see "orch work --help"'],
  [["it", "--repo"], "--repo needs a value", "write it behind the flag: --repo <value>"],
  [["it", "--repo="], "--repo needs a value", "write it behind the flag: --repo <value>"],
  [["it", "--repo", "-f"], "--repo needs a value", 'if "-f" is meant as its value, write --repo=-f'],
  [["it", "--follow=yes"], "--follow takes no value", "give --follow alone, or leave it out"],
  [["it", "--repo", "a", "--repo", "b"], "--repo is given twice", "give it once"],
  [["it", "--repo", "a", "--project-root", "b"], "--project-root is given beside --repo", "give it once"],
  [["it", "--follow", "--no-follow"], "--no-follow is given beside --follow", "give it once"],
])("%j is refused, with what to do", (rawArgs, message, hint) => {
  expect(refusal(...rawArgs)).toMatchObject({ code: "wrong-usage", message, hint });
});

test("several words of a text are told to be put in quotes", () => {
  const text = { task: { type: "positional", valueHint: "text" } } as const;
  expect(() => checkArguments(["add", "a", "search"], text, 'orch run "<task>"')).toThrow(
    expect.objectContaining({ hint: 'put several words in quotes: orch run "add a search"' }),
  );
});

test("what steers a terminal does not come back in the refusal", () => {
  expect(refusal("it", "--\u001b[31mred").message).not.toContain("\u001b");
});

test("a last argument that may be given several times may be given never, once or often, but not empty", () => {
  const several = { jobs: { type: "positional", required: false, valueHint: SEVERAL } } as const;
  const checkSeveral = (...rawArgs: string[]) => checkArguments(rawArgs, several, "orch tidy [job…]");
  for (const rawArgs of [[], ["a"], ["a", "b", "c"]]) expect(() => checkSeveral(...rawArgs)).not.toThrow();
  expect(() => checkSeveral("")).toThrow("<jobs> is empty");
});
