import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../core/errors.ts";
import { defineScript, loadScript, parseScript } from "./parse-script.ts";
import type { ScriptInput } from "./script.ts";

const whole = `
continues: [Go on]
turns:
  - name: plan
    for: planner
    match: [Plan, garden]
    steps:
      - call: run_repo_command
        arguments: { argv: [git, ls-files] }
        delay: 20
      - json: { summary: a garden }
        fault: { status: 429, retryAfter: 2, times: always }
  - name: dig
    for: codex
    match: Dig
    steps:
      - run: |
          mkdir -p holes
          touch holes/one
        hold: gate
        fault: [cut, { kind: hang, times: 3 }]
      - say: I dug.
        usage: { inputTokens: 7 }
`;

test("a script in YAML becomes turns with their steps", () => {
  const { continues, turns } = parseScript(whole);

  expect(continues).toEqual(["Go on"]);
  expect(turns.map(({ name, for: client, match }) => [name, client, match])).toEqual([
    ["plan", "planner", ["Plan", "garden"]],
    ["dig", "codex", ["Dig"]],
  ]);
  expect(turns.flatMap(({ steps }) => steps)).toEqual([
    {
      action: { kind: "call", tool: "run_repo_command", arguments: { argv: ["git", "ls-files"] } },
      usage: {},
      delay: 20,
      hold: null,
      faults: [],
    },
    {
      action: { kind: "json", value: { summary: "a garden" } },
      usage: {},
      delay: 0,
      hold: null,
      faults: [{ kind: "status", status: 429, retryAfter: 2, times: "always" }],
    },
    {
      action: { kind: "run", command: "mkdir -p holes\ntouch holes/one\n" },
      usage: {},
      delay: 0,
      hold: "gate",
      faults: [
        { kind: "cut", times: 1 },
        { kind: "hang", times: 3 },
      ],
    },
    { action: { kind: "say", text: "I dug." }, usage: { inputTokens: 7 }, delay: 0, hold: null, faults: [] },
  ]);
});

test("a script written in a program passes the same checks", () => {
  const turn: ScriptInput["turns"][number] = { name: "dig", for: "codex", match: "Dig", steps: [{ say: "I dug." }] };

  expect(defineScript({ turns: [turn] }).turns[0]?.match).toEqual(["Dig"]);
  expect(() => defineScript({ turns: [turn, turn] })).toThrow('another turn is called "dig"');
});

const turnWith = (steps: string, rest = "for: codex") => `turns:
  - name: dig
    ${rest}
    match: Dig
    steps:
${steps}`;

test.each([
  ["an unknown key", turnWith("      - shout: hello"), 'garden.yaml:6:9: turns[0].steps[0]: Unrecognized key: "shout"'],
  [
    "two actions",
    turnWith("      - say: a\n        run: b"),
    "garden.yaml:6:9: turns[0].steps[0]: a step is exactly one of",
  ],
  ["no action", turnWith("      - delay: 5"), "this one has none of them"],
  ["a wrong delay", turnWith("      - say: a\n        delay: soon"), "garden.yaml:7:16: turns[0].steps[0].delay: "],
  [
    "an unknown fault",
    turnWith("      - say: a\n        fault: fire"),
    "garden.yaml:7:16: turns[0].steps[0].fault: must be one of",
  ],
  ["no steps", turnWith("      []"), "garden.yaml:6:7: turns[0].steps: a turn has at least one step"],
  ["an open end", turnWith("      - run: ls"), "garden.yaml:6:9: turns[0].steps[0]: the last step ends the turn"],
  ["an end in the middle", turnWith("      - say: a\n      - say: b"), "turns[0].steps[0]: only the last step ends"],
  ["a planner's shell", turnWith("      - run: ls\n      - say: a", "for: planner"), "only codex runs shell text"],
  ["another client", turnWith("      - say: a", "for: nobody"), "garden.yaml:3:10: turns[0].for: "],
  ["broken YAML", "turns: [", "garden.yaml:1:9: "],
  ["an empty file", "", "garden.yaml:1:1: "],
])("%s is refused with its place", (_name, text, message) => {
  const parse = () => parseScript(text, "garden.yaml");
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
});

test("a script is read from a file, and a file that is not there is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-script-"));
  try {
    await writeFile(join(folder, "garden.yaml"), whole);
    expect((await loadScript(join(folder, "garden.yaml"))).turns).toHaveLength(2);
    await expect(loadScript(join(folder, "none.yaml"))).rejects.toThrow("none.yaml cannot be read");
  } finally {
    await rm(folder, { recursive: true });
  }
});
