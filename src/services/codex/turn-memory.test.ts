/** What Codex prints goes to a file; of it the orchestrator holds a line at a time, however much it is. */

import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { makeWorkshop, subtask, type Workshop } from "./turn.testkit.ts";
import { listRuns } from "./turn-folder.ts";

const MB = 1024 * 1024;
const FIXTURE = fileURLToPath(new URL("turn-memory.fixture.ts", import.meta.url));

/** A turn in an orchestrator of its own. Codex is played: the real one says what a model says, and that is never so much. */
function runTurn(workshop: Workshop, script: string): { readonly message: string; readonly peak: number } {
  const codexPath = workshop.program(`
    echo '{"type":"thread.started","thread_id":"0198f1b2-0000-7000-8000-000000000001"}'
    ${script}
    echo '{"type":"item.completed","item":{"id":"item_9","type":"agent_message","text":"All of it."}}'
    echo '{"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}'`);
  const file = join(workshop.codexHome, "turn.json");
  const settings = workshop.settings("http://127.0.0.1:9/v1", { codexPath });
  writeFileSync(file, JSON.stringify({ settings, input: workshop.input(subtask) }));
  return JSON.parse(execFileSync(process.execPath, [FIXTURE, file], { encoding: "utf8" })) as ReturnType<
    typeof runTurn
  >;
}

test("a turn that prints 160 MB, a part of it on one line, is followed to its end in little memory", async () => {
  await using quiet = await makeWorkshop();
  await using loud = await makeWorkshop();
  const little = runTurn(quiet, "sleep 1");
  const much = runTurn(
    loud,
    `cd "$CODEX_HOME"
    head -c 32768 /dev/zero | tr '\\0' x > text
    { printf '{"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"c","aggregated_output":"'; cat text; printf '","exit_code":0}}\\n'; } > line
    for i in 1 2 3 4 5 6 7 8; do cat line line line line; done > block
    for i in $(seq 100); do cat block; done
    for i in $(seq 1920); do cat text; done
    echo`,
  );
  const printed = statSync(listRuns(loud.turnFolder)[0]?.events ?? "").size;
  expect(printed).toBeGreaterThan(160 * MB);
  expect([little.message, much.message]).toEqual(["All of it.", "All of it."]);
  // Whoever held it would need more than its size; what is left is garbage that was not collected yet.
  expect((much.peak - little.peak) / MB).toBeLessThan(96);
});
