/** What `ORCHESTRATOR_TEE_CODEX` and `ORCHESTRATOR_TRACE` show: the work itself, on stderr, beside what is said anyway. */

import { expect, test } from "vitest";
import { planScript, TASK } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const KEY = "sk-test-0123456789abcdef";

test("agents' output and each call of a tool are shown on stderr, named, without secrets and control codes", async () => {
  await using shop = await Workshop.open({
    config: { setup: ["echo set up"], verify: ["test -f one.txt"] },
    script: planScript({
      before: [
        { call: "run_repo_command", arguments: { command: ["git", "log", "--oneline"], worktree: null, offset: null } },
        {
          call: "run_repo_command",
          arguments: { command: ["git", "push", "origin", "main"], worktree: null, offset: null },
        },
      ],
      subtasks: [
        {
          id: "one",
          steps: [
            { run: `printf 'a\\033[2Jb ${KEY}\\n'; echo one > one.txt` },
            { run: "exit 3" },
            { say: "The part is \u001b]0;owned\u0007 written." },
          ],
        },
      ],
    }),
  });
  const args = ["run", TASK, "--repo", shop.repository, "--job-id", "watched", "--json"];
  const switches = { ORCHESTRATOR_TEE_CODEX: "1", ORCHESTRATOR_TRACE: "1" };
  // With --json, each line of stdout is checked to be an event.
  const { code, stderr, events } = await shop.orch(args, switches).end;
  expect(code, stderr).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  expect(stderr).toMatch(/^one │ \$ printf /m);
  expect(stderr).toMatch(/^one │ {3}a.*b \[key\]$/m);
  expect(stderr).toMatch(/^one │ The part is .*written\.$/m);
  const trace = /^trace \d\d:\d\d:\d\d\.\d{3} /;
  const calls = stderr.split("\n").flatMap((line) => (trace.test(line) ? [line.replace(trace, "")] : []));
  const took = String.raw`\d+(?:\.\d)?s, `;
  const expected = [
    `^planner run_repo_command ${took}exit code 0: git log --oneline$`,
    `^planner run_repo_command ${took}refused: .*push.*: git push origin main$`,
    `^one setup ${took}exit code 0: echo set up$`,
    `^one shell (?:${took})?exit code 0: printf .*$`,
    `^one shell (?:${took})?exit code 3: exit 3$`,
    `^result verify ${took}exit code 0: test -f one.txt$`,
  ];
  expect(calls).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  expect(stderr).not.toContain(KEY);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is promised.
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test("without the switches nothing of it is shown", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }) });
  const { code, stderr } = await shop.run("quiet").end;
  expect([code, stderr]).toEqual([0, ""]);
});
