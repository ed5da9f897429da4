/** An orchestrator that tests may kill: runs the turn that the JSON file named as its argument describes. */

import { readFileSync } from "node:fs";
import type { RunCodexTurnInput } from "../../core/coding.ts";
import { createRunCodexTurn, type RunCodexTurnSettings } from "./run-codex-turn.ts";
import { makeContext } from "./turn.testkit.ts";

const { settings, input } = JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as {
  settings: RunCodexTurnSettings;
  input: RunCodexTurnInput;
};
await createRunCodexTurn(settings)(input, makeContext());
