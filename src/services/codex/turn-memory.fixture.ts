/**
 * An orchestrator that runs the turn that the JSON file named as its argument describes, and prints what came of it and
 * how much memory, in bytes, it has had at most.
 */

import { readFileSync } from "node:fs";
import type { RunCodexTurnInput } from "../../core/coding.ts";
import { createRunCodexTurn, type RunCodexTurnSettings } from "./run-codex-turn.ts";
import { makeContext } from "./turn.testkit.ts";

const { settings, input } = JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as {
  settings: RunCodexTurnSettings;
  input: RunCodexTurnInput;
};
const { message } = await createRunCodexTurn(settings)(input, makeContext());
console.log(JSON.stringify({ message, peak: process.resourceUsage().maxRSS * 1024 }));
