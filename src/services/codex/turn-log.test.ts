import { join } from "node:path";
import { expect, test } from "vitest";
import { createRunCodexTurn } from "./run-codex-turn.ts";
import { makeContext, makeWorkshop, scriptedModel, subtask } from "./turn.testkit.ts";
import { listTurns } from "./turn-folder.ts";
import { readTurnLog, turnLogLines } from "./turn-log.ts";

test("a turn's log shows a person the commands, what they printed, and what the agent said", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(`
    - run: "printf 'one\\\\ntwo\\\\n'; exit 3"
    - say: "I tried.\\nIt failed."
      usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 20, reasoningOutputTokens: 0 }`);
  const output = await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());

  const [turn] = listTurns(join(workshop.turnFolder, ".."));
  const log = await readTurnLog(turn?.runs[0]?.events as string);

  expect(turn?.effect).toBe("job-1-7-0");
  expect(log.slice(0, -1)).toEqual([
    `thread ${output.threadId}`,
    "$ printf 'one\\ntwo\\n'; exit 3",
    "  one",
    "  two",
    "  exit code 3",
    "I tried.",
    "It failed.",
  ]);
  expect(log.at(-1)).toMatch(/^turn completed; the thread's tokens so far: \d+ in \(\d+ cached\), \d+ out$/);
});

test("a long output is shown by its last lines, and what is printed cannot steer a terminal", () => {
  const output = `${Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n")}\n\u001b[2Jend\n`;
  const item = { kind: "command", command: "x", output, exitCode: 0 } as const;

  const lines = turnLogLines({ type: "item", phase: "completed", id: "item_1", item });

  expect(lines).toHaveLength(41);
  expect(lines[0]).toBe("  … 61 lines before these");
  expect(lines.at(-1)).toBe("  ·[2Jend");
});
