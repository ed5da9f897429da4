/** What the planner's answer must be, and what is said of one that is not. */

import { expect, test } from "vitest";
import type { Plan } from "../../core/coding.ts";
import { checkPlan } from "./plan-check.ts";
import type { PlanAnswer } from "./plan-schema.ts";

type Written = Partial<PlanAnswer["subtasks"][number]>;

function answer(...subtasks: Written[]): PlanAnswer {
  return {
    summary: "Do it.",
    subtasks: subtasks.map((subtask, index) => ({
      id: `s${index}`,
      title: "A title",
      instructions: "Some instructions.",
      dependsOn: [],
      files: [],
      ...subtask,
    })),
  };
}

function problemsOf(plan: PlanAnswer, maxSubtasks = 10): readonly string[] {
  const verdict = checkPlan(plan, { maxSubtasks });
  return verdict.ok ? [] : verdict.problems;
}

function planOf(plan: PlanAnswer): Plan {
  const verdict = checkPlan(plan, { maxSubtasks: 10 });
  if (!verdict.ok) throw new Error(verdict.problems.join("; "));
  return verdict.plan;
}

test("a good answer becomes the plan", () => {
  const good = answer({ id: "lexer", files: ["src/lexer.ts"] }, { id: "parser", dependsOn: ["lexer"] });
  expect(planOf(good)).toEqual(good);
});

test("no subtasks, or more than the limit, is not a plan", () => {
  expect(problemsOf(answer())).toEqual(["the plan has no subtasks"]);
  expect(problemsOf(answer({}, {}, {}), 2)).toEqual([
    "the plan has 3 subtasks, more than the limit of 2: put some together",
  ]);
  expect(problemsOf(answer({}, {}), 2)).toEqual([]);
});

test("the same id twice is refused", () => {
  expect(problemsOf(answer({ id: "a" }, { id: "b" }, { id: "a" }))).toEqual(['two subtasks have the id "a"']);
});

test("an unknown dependency is refused and named", () => {
  expect(problemsOf(answer({ id: "a", dependsOn: ["ghost"] }))).toEqual([
    'subtask "a": depends on "ghost", which is not in the plan',
  ]);
});

test("a subtask that depends on itself is refused", () => {
  expect(problemsOf(answer({ id: "a", dependsOn: ["a"] }))).toEqual(['subtask "a": depends on itself']);
});

test("a circle is refused and named", () => {
  const circle = answer(
    { id: "start", dependsOn: ["a"] },
    { id: "a", dependsOn: ["b"] },
    { id: "b", dependsOn: ["c"] },
    { id: "c", dependsOn: ["a"] },
  );
  expect(problemsOf(circle)).toEqual(["subtasks depend on each other in a circle: a → b → c → a"]);
});

test("two ways to the same subtask are not a circle", () => {
  const diamond = answer(
    { id: "d", dependsOn: ["b", "c"] },
    { id: "b", dependsOn: ["a"] },
    { id: "c", dependsOn: ["a"] },
    { id: "a" },
  );
  expect(problemsOf(diamond)).toEqual([]);
});

test("a chain of a thousand subtasks is walked without running out of stack", () => {
  const chain = answer(...Array.from({ length: 1000 }, (_, i) => ({ dependsOn: i < 999 ? [`s${i + 1}`] : [] })));
  expect(problemsOf(chain, 1000)).toEqual([]);
});

test("an empty title or empty instructions are refused", () => {
  expect(problemsOf(answer({ title: " \n", instructions: "\u0000\t " }))).toEqual([
    'subtask "s0": the title is empty',
    'subtask "s0": the instructions are empty',
  ]);
});

test("ids are made safe, and what depends on them follows", () => {
  const plan = planOf(
    answer({ id: "Füge Suche hinzu!" }, { id: "add_index", dependsOn: ["Füge Suche hinzu!", "fuge-suche-hinzu"] }),
  );
  expect(plan.subtasks.map(({ id, dependsOn }) => ({ id, dependsOn }))).toEqual([
    { id: "fuge-suche-hinzu", dependsOn: [] },
    { id: "add-index", dependsOn: ["fuge-suche-hinzu"] },
  ]);
});

test("ids that would become the same name are refused", () => {
  expect(problemsOf(answer({ id: "add_index" }, { id: "Add Index" }))).toEqual([
    'the ids "add_index" and "Add Index" are too much alike: both would become "add-index"',
  ]);
});

test("an id without anything to make a name of is refused", () => {
  expect(problemsOf(answer({ id: "../..\u001b" }, { id: "" }))).toContain(
    'the id "../..·" has no letters or digits from a to z and 0 to 9',
  );
});

test("no id becomes a path, an option or a ref", () => {
  const ids = ["../../etc/passwd", "--force", "refs/heads/main", ".git", "a..b", "x".repeat(300), "CON:", "a b\nc"];
  for (const { id } of planOf(answer(...ids.map((id) => ({ id })))).subtasks) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(id.length).toBeLessThanOrEqual(64);
  }
});

test("no subtask takes the name of the result's worktree", () => {
  const plan = planOf(answer({ id: "result" }, { id: "next", dependsOn: ["result"] }));
  expect(plan.subtasks[0]?.id).toBe("result-subtask");
  expect(plan.subtasks[1]?.dependsOn).toEqual(["result-subtask"]);
});

test("no subtask takes the name of a device, and letters that only look different are the same", () => {
  const ids = planOf(answer({ id: "CON" }, { id: "com1" }, { id: "console" })).subtasks.map(({ id }) => id);
  expect(ids).toEqual(["con-subtask", "com1-subtask", "console"]);
  expect(problemsOf(answer({ id: "caf\u00e9" }, { id: "cafe\u0301" }))).toHaveLength(1);
  expect(problemsOf(answer({ id: "\uff41bc" }, { id: "ABC" }))).toHaveLength(1);
});

test("absurd sizes are refused", () => {
  expect(problemsOf(answer({ title: "t".repeat(201) }))).toEqual([
    'subtask "s0": the title has 201 characters, the limit is 200',
  ]);
  expect(problemsOf(answer({ instructions: "i".repeat(20_001) }))).toEqual([
    'subtask "s0": the text of the instructions has 20001 characters, the limit is 20000',
  ]);
  expect(problemsOf({ ...answer({}), summary: "s".repeat(10_001) })).toEqual([
    "the summary has 10001 characters, the limit is 10000",
  ]);
  expect(problemsOf(answer({ files: Array.from({ length: 201 }, (_, i) => `f${i}`) }))).toEqual([
    'subtask "s0": names 201 files, more than 200: name the directory instead',
  ]);
  expect(problemsOf(answer({ files: ["f".repeat(501)] }))).toEqual([
    'subtask "s0": a path has 501 characters, the limit is 500',
  ]);
});

test.each([
  "/etc/passwd",
  "../outside.ts",
  "src/../../outside.ts",
  "C:\\windows",
  ".git/hooks/pre-commit",
  "sub/.GIT/config",
])("a file at %s is refused", (file) => {
  expect(problemsOf(answer({ files: [file] }))).toHaveLength(1);
});

test("files are kept once, in one spelling", () => {
  const plan = planOf(answer({ files: ["./src/a.ts", "src//a.ts", "src/", "", ".", "Grüße an alle.md"] }));
  expect(plan.subtasks[0]?.files).toEqual(["src/a.ts", "src", "Grüße an alle.md"]);
});

test("control characters do not come through, line ends of instructions do", () => {
  const plan = planOf({
    summary: "A\u001b[2Jsummary\r\nof two lines",
    subtasks: [
      {
        id: "a",
        title: "Clear\u001b[31m\nthe\u0007 screen\u202e",
        instructions: "First\u0000\n\tsecond\u009b1m",
        dependsOn: [],
        files: ["src/\u001ba.ts"],
      },
    ],
  });
  expect(plan).toEqual({
    summary: "A[2Jsummary\nof two lines",
    subtasks: [
      { id: "a", title: "Clear[31m the screen", instructions: "First\n\tsecond1m", dependsOn: [], files: ["src/a.ts"] },
    ],
  });
});

test("all problems are told at once, but not thousands of them", () => {
  const bad = answer({ id: "a", title: "", dependsOn: ["ghost", "a"] }, { id: "a", instructions: "", files: ["/x"] });
  expect(problemsOf(bad)).toHaveLength(6);
  const nonsense = answer({ dependsOn: Array.from({ length: 5000 }, (_, i) => `ghost${i}`) });
  expect(problemsOf(nonsense)).toHaveLength(21);
  expect(problemsOf(nonsense).at(-1)).toBe("… and 4980 more problems");
});
