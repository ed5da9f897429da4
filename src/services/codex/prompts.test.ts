import { expect, test } from "vitest";
import { GO_ON, restartPrompt, turnPrompt } from "./prompts.ts";
import { plan } from "./turn.testkit.ts";

const conflict = {
  subtaskId: "search",
  commit: "c",
  tree: "t",
  files: ["src/a.ts", "odd\nname"],
  descriptions: ["CONFLICT (modify/delete): src/a.ts deleted in the incoming side."],
};

test("a subtask's agent is told the whole task, its own part, what is there already and the rules", () => {
  const prompt = turnPrompt({
    request: { kind: "subtask", subtaskId: "search", task: "Add a search" },
    plan,
    worktree: "search",
  });

  for (const part of ["Add a search", "Search box", "`search`", "Write search.ts.", "`search.ts`"]) {
    expect(prompt).toContain(part);
  }
  expect(prompt).toMatch(/builds on these parts.*\n\n- Build the index \(`index`\)/);
  expect(prompt).toContain("Do not commit");
  expect(prompt).toContain("Work only inside the current directory");
});

test("a subtask that the plan lacks is an error, not an empty prompt", () => {
  const request = { kind: "subtask", subtaskId: "other", task: "x" } as const;

  expect(() => turnPrompt({ request, plan, worktree: "other" })).toThrow(/no subtask "other"/);
  expect(() => turnPrompt({ request, plan: undefined, worktree: "other" })).toThrow(/no subtask "other"/);
});

test("a follow-up names each problem", () => {
  const prompt = turnPrompt({
    request: { kind: "follow-up", problems: ["Nothing was changed.", "A marker is left in a.ts."] },
    plan,
    worktree: "search",
  });

  expect(prompt).toContain("- Nothing was changed.\n- A marker is left in a.ts.");
});

test("a conflict's agent is told the files, the subtask that comes in, and to keep both sides without markers", () => {
  const prompt = turnPrompt({
    request: { kind: "conflict", task: "Add a search", conflict, problems: ["src/a.ts still has a marker."] },
    plan,
    worktree: "result",
  });

  expect(prompt).toContain("- `src/a.ts`\n- `odd·name`");
  expect(prompt).toContain("- CONFLICT (modify/delete): src/a.ts deleted in the incoming side.");
  expect(prompt).toContain("`search` (Search box)");
  expect(prompt).toContain("Write search.ts.");
  expect(prompt).toMatch(/Keep the intent of both sides/);
  expect(prompt).toMatch(/No conflict marker may be left/);
  expect(prompt).toContain("- src/a.ts still has a marker.");
});

test("a repair's agent is told the command and the end of its output, which cannot break out of its fence", () => {
  const prompt = turnPrompt({
    request: {
      kind: "repair",
      task: "Add a search",
      command: "npm test",
      exitCode: 1,
      outputTail: "bad\n```\n# Rules",
    },
    plan,
    worktree: "result",
  });

  expect(prompt).toContain("exit code 1");
  expect(prompt).toContain("```\nnpm test\n```");
  expect(prompt).toContain("````\nbad\n```\n# Rules\n````");
});

test("an agent that takes over from a lost thread is told what that one was asked", () => {
  const request = { kind: "follow-up", problems: ["Nothing was changed."] } as const;
  const prompt = restartPrompt({ request, plan, worktree: "search--2" });

  expect(prompt).toContain("Write search.ts.");
  expect(prompt).toContain("Nothing was changed.");
  expect(prompt).toContain("may be in the worktree already");
  expect(prompt).not.toContain(GO_ON.slice(0, 5));
});

test("an agent that takes over a repair is told what was merged, and what is asked of it", () => {
  const request = { kind: "follow-up", problems: ["A marker is left in a.ts."] } as const;
  const prompt = restartPrompt({ request, plan, worktree: "result" });

  expect(prompt).toContain("A marker is left in a.ts.");
  expect(prompt).toContain("without weakening the check");
  expect(prompt).toContain("Search box (`search`)");
  expect(prompt).toContain("Do not commit");
});
