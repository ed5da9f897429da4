/** What holds a real turn of an agent: its processes are counted, its sandbox is left out only when that is said. */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRunCodexTurn } from "./run-codex-turn.ts";
import { makeContext, makeWorkshop, processesOf, scriptedModel, subtask } from "./turn.testkit.ts";

/** Never more than 2000: also a machine without any guard gets over this test. */
const BOMB =
  'mkdir count; bomb() { while [ "$(ls count | wc -l)" -lt 2000 ]; do : > "count/$$.$RANDOM"; bomb & done; sleep 600; }; bomb';

test("a fork bomb of an agent's is ended, and the turn fails with how many processes there were", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: "exec bash -c '${BOMB.replaceAll('"', '\\"')}'"
    - say: Never.`);
  const settings = workshop.settings(model.url, { maxProcesses: 150 });

  const turn = createRunCodexTurn(settings)(workshop.input(subtask), makeContext());

  await expect(turn).rejects.toMatchObject({
    code: "too-many-processes",
    retryable: false,
    message: expect.stringMatching(/^the agent had \d{3,} processes at a time and was ended; the limit is 150$/),
  });
  expect(existsSync(join(workshop.worktree, "count"))).toBe(true);
  expect(await processesOf(workshop)).toEqual([]);
});

test("an agent sees why a test of its failed, also where one Node starts another", async () => {
  await using workshop = await makeWorkshop();
  const failing = "require('node:test')('adds', () => require('node:assert').equal(1 + 1, 3))";
  await using model = await scriptedModel(`
    - run: "echo \\"${failing}\\" > add.test.js; node --test > out.txt 2>&1; true"
    - say: Done.`);

  await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());

  expect(readFileSync(join(workshop.worktree, "out.txt"), "utf8")).toContain("2 == 3");
});

test("an agent writes neither into the system's temporary folder nor, without a sandbox, only where it may", async () => {
  await using workshop = await makeWorkshop();
  const outside = join(workshop.root, "outside.txt");
  const shared = join(tmpdir(), `orch-turn-limits-${process.pid}`);
  const steps = `
    - run: "touch '${outside}'; touch '${shared}'; true"
    - say: Done.`;
  await using model = await scriptedModel(steps, steps);
  const settings = workshop.settings(model.url);
  const { threadId } = await createRunCodexTurn(settings)(workshop.input(subtask), makeContext());
  expect(existsSync(outside)).toBe(false);
  expect(existsSync(shared)).toBe(false);

  const followUp = workshop.input({ kind: "follow-up", problems: ["Follow-up: more."] }, { threadId });
  const context = makeContext({ effectId: "job-1:9:0" });
  await createRunCodexTurn({ ...settings, dangerouslyWithoutSandbox: true })(followUp, context);
  expect(existsSync(outside)).toBe(true);
  rmSync(shared);
});
