import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ActivityAborted } from "../../core/activity.ts";
import { ManualClock } from "../../core/clock.ts";
import { until } from "../process.testkit.ts";
import { createRunCodexTurn } from "./run-codex-turn.ts";
import { apiKey, makeContext, makeWorkshop, processesOf, scriptedModel, subtask } from "./turn.testkit.ts";

const MINUTE = 60_000;

test("a turn works in the worktree and answers its thread, the last message and what the thread cost", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: echo found > search.ts
      usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, reasoningOutputTokens: 5 }
    - say: The search is there.
      usage: { inputTokens: 150, cachedInputTokens: 100, outputTokens: 10, reasoningOutputTokens: 0 }`);
  const context = makeContext();

  const output = await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), context);

  expect(output.message).toBe("The search is there.");
  expect(readFileSync(join(workshop.worktree, "search.ts"), "utf8")).toBe("found\n");
  expect(context.checkpoints).toMatchObject([{ threadId: output.threadId, pid: expect.any(Number) }]);
  expect(context.heartbeats.at(-1)).toMatchObject({ threadId: output.threadId, line: "The search is there." });
  expect([...context.usage]).toEqual([
    [output.threadId, { inputTokens: 250, cachedInputTokens: 140, outputTokens: 30, reasoningOutputTokens: 5 }],
  ]);
});

test("a follow-up goes on in the same thread, and the thread's meter shows the sum of both turns", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(
    `- { say: First., usage: { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10, reasoningOutputTokens: 0 } }`,
    `- { say: Second., usage: { inputTokens: 200, cachedInputTokens: 0, outputTokens: 10, reasoningOutputTokens: 0 } }`,
  );
  const runCodexTurn = createRunCodexTurn(workshop.settings(model.url));
  const first = await runCodexTurn(workshop.input(subtask), makeContext());
  const context = makeContext({ effectId: "job-1:9:0" });

  const second = await runCodexTurn(
    workshop.input({ kind: "follow-up", problems: ["Follow-up: nothing was changed."] }, { threadId: first.threadId }),
    context,
  );

  expect(second).toEqual({ threadId: first.threadId, message: "Second." });
  expect(context.usage.get(first.threadId)).toMatchObject({ inputTokens: 300, outputTokens: 20 });
});

test("what an agent runs sees neither the key nor anything of ours or of the user's shell that isn't on the list", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: "env > env.txt; cat /proc/*/environ >> env.txt 2>/dev/null; true"
    - say: Done.`);
  const settings = workshop.settings(model.url);
  const home = join(workshop.codexHome, "user");
  mkdirSync(home);
  for (const file of [".profile", ".bashrc"]) writeFileSync(join(home, file), "touch ~/started; export LEAK=4711\n");
  const environment = {
    ...settings.environment,
    HOME: home,
    https_proxy: "http://user:4711@localhost",
    GITHUB_TOKEN: "ghp-4711",
    DATABASE_URL: "db-4711",
  };

  await createRunCodexTurn({ ...settings, environment })(workshop.input(subtask), makeContext());

  const seen = readFileSync(join(workshop.worktree, "env.txt"), "utf8");
  expect(seen).toContain(`ORCH_TURN=${workshop.turnFolder}`);
  expect(seen).not.toContain(apiKey);
  expect(seen).not.toMatch(/4711|OPENAI_API_KEY|CODEX_HOME=|PROXY=|ORCH_(?!TURN)/i);
  expect(existsSync(join(home, "started"))).toBe(false);
});

test("an agent can write in its worktree only, also when the repository lies under the temporary folder", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: "echo x > '${workshop.root}/escaped.txt'; echo x > ../other.txt; for f in ../../turns/*/1/*; do echo x >> $f; done; true"
    - run: "echo inside > inside.txt; mktemp > temporary.txt"
    - say: Done.`);

  await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());

  expect(existsSync(join(workshop.worktree, "inside.txt"))).toBe(true);
  expect(readFileSync(join(workshop.worktree, "temporary.txt"), "utf8")).toContain("/turns/job-1-7-0/1/tmp/");
  expect(existsSync(join(workshop.root, "escaped.txt"))).toBe(false);
  expect(existsSync(join(workshop.worktree, "..", "other.txt"))).toBe(false);
  expect(readFileSync(join(workshop.turnFolder, "1", "prompt.md"), "utf8")).not.toMatch(/^x$/m);
});

test("an agent stays in its sandbox when its thread goes on, and when a rule would let a command out", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(
    "- say: First.",
    `
    - run: touch "${workshop.root}/escaped.txt"
    - run: touch inside.txt
    - say: Second.`,
  );
  const runCodexTurn = createRunCodexTurn(workshop.settings(model.url));
  const { threadId } = await runCodexTurn(workshop.input(subtask), makeContext());
  mkdirSync(join(workshop.codexHome, "rules"));
  writeFileSync(
    join(workshop.codexHome, "rules", "default.rules"),
    'prefix_rule(pattern=["touch"], decision="allow")\n',
  );

  const followUp = workshop.input({ kind: "follow-up", problems: ["Follow-up: more."] }, { threadId });
  await runCodexTurn(followUp, makeContext({ effectId: "job-1:9:0" }));

  expect(existsSync(join(workshop.worktree, "inside.txt"))).toBe(true);
  expect(existsSync(join(workshop.root, "escaped.txt"))).toBe(false);
});

test("a command that an agent left running in the background is gone when the turn is over", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: "(setsid nohup sleep 600 >/dev/null 2>&1 &) ; sleep 0.1"
    - say: Done.`);
  const context = makeContext();

  await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), context);

  expect(await processesOf(workshop)).toEqual([]);
});

test.each(["cancelled", "shutdown", "timeout", "lease-lost"] as const)(
  "an activity stopped with %s leaves no process, and says why it stopped",
  async (reason) => {
    await using workshop = await makeWorkshop();
    await using model = await scriptedModel(`
      - run: "echo ready > ready.txt; sleep 600"
      - say: Never.`);
    const context = makeContext();
    const turn = createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), context);
    await until("the agent's command runs", () => existsSync(join(workshop.worktree, "ready.txt")));

    context.abort(new ActivityAborted(reason));

    await expect(turn).rejects.toMatchObject({ name: "ActivityAborted", reason });
    expect(await processesOf(workshop)).toEqual([]);
  },
);

test.each([
  ["silenceMs", "codex-turn-silent"],
  ["limitMs", "codex-turn-too-long"],
] as const)("a turn that passes its %s is ended and may be tried again (%s)", async (limit, code) => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: "echo ready > ready.txt; sleep 600"
    - say: Never.`);
  const clock = new ManualClock();
  const input = workshop.input(subtask, { silenceMs: 1000 * MINUTE, limitMs: 1000 * MINUTE, [limit]: 10 * MINUTE });
  const context = makeContext();
  const turn = createRunCodexTurn(workshop.settings(model.url, { clock }))(input, context);
  await until("the command is seen", () => context.heartbeats.some(({ line }) => String(line).startsWith("$ echo")));

  clock.advance(11 * MINUTE);

  await expect(turn).rejects.toMatchObject({ code, retryable: true });
  expect(await processesOf(workshop)).toEqual([]);
});

test("a Codex that reports the same error again and again is silent, and its error is told", async () => {
  await using workshop = await makeWorkshop();
  const error = '{"type":"error","message":"Reconnecting... waiting for network"}';
  const clock = new ManualClock();
  const codexPath = workshop.program(`while :; do echo '${error}'; sleep 0.05; done`);
  const context = makeContext();
  const turn = createRunCodexTurn(workshop.settings("http://127.0.0.1:9/v1", { codexPath, clock }))(
    workshop.input(subtask, { silenceMs: 10 * MINUTE, limitMs: 1000 * MINUTE }),
    context,
  );
  await until("the error is seen", () =>
    context.heartbeats.some(({ line }) => String(line).startsWith("Reconnecting")),
  );

  clock.advance(11 * MINUTE);

  await expect(turn).rejects.toMatchObject({
    code: "codex-turn-silent",
    message: expect.stringContaining("waiting for network"),
  });
});

test("lines that are no events are skipped, and a Codex that does not end after its turn is ended", async () => {
  await using workshop = await makeWorkshop();
  const lines = [
    "WARNING: not JSON",
    `{"type":"item.completed","item":{"text":"${"x".repeat(1_200_000)}"`,
    '{"type":"thread.started","thread_id":"01a203a1-4cf5-7bc0-b503-07b9cee8a0a7"}',
    '{"type":"item.completed","item":{"type":"agent_message","text":"Done."}}',
    '{"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}',
  ];
  writeFileSync(join(workshop.codexHome, "lines"), `${lines.join("\n")}\n`);
  const codexPath = workshop.program("cat $CODEX_HOME/lines; exec sleep 600");
  const clock = new ManualClock();
  const context = makeContext();
  const turn = createRunCodexTurn(workshop.settings("http://127.0.0.1:9/v1", { codexPath, clock }))(
    workshop.input(subtask),
    context,
  );
  await until("the turn is completed", () => context.usage.size === 1);

  clock.advance(MINUTE);

  expect(await turn).toEqual({ threadId: "01a203a1-4cf5-7bc0-b503-07b9cee8a0a7", message: "Done." });
  expect(await processesOf(workshop)).toEqual([]);
});

test("a prompt that looks like an option, or is longer than an argument may be, reaches the model as it is", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel("- say: First.", "- say: Second.");
  const runCodexTurn = createRunCodexTurn(workshop.settings(model.url));
  const long = "--dangerously-bypass-approvals-and-sandbox ".repeat(10_000);

  const output = await runCodexTurn(workshop.input({ ...subtask, task: long }), makeContext());

  expect(output.message).toBe("First.");
});
