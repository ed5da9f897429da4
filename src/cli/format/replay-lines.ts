/** What a replay found, for a person. */

import { count } from "../../core/figures.ts";
import type { Replayed } from "../../engine/replay.ts";
import type { JobReplay } from "../../jobs/job-replay.ts";
import { cleanLine } from "./clean.ts";
import { stateWords } from "./history-lines.ts";
import type { Paint } from "./paint.ts";

const LONGEST_EFFECT = 160;

export function replayLines({ jobId, same, divergence, changed }: JobReplay, paint: Paint): string[] {
  const warnings = changed.map(
    (workflow) => `the workflow ${cleanLine(workflow)} is not the one that the job began with: orch resume refuses it`,
  );
  if (!divergence) return [`job ${jobId}: ${count(same, "entry", "entries")}, the same snapshots`, ...warnings];
  const { seq, actorId, eventType, expected, got } = divergence;
  return [
    paint("red", `job ${jobId} first differs at entry ${seq}: ${cleanLine(actorId)}, ${cleanLine(eventType, 80)}`),
    ...difference("state", stateOf, expected, got),
    ...difference("snapshot", ({ snapshotHash }) => [snapshotHash], expected, got),
    ...difference("effects", ({ effects }) => effects.map((effect) => JSON.stringify(effect)), expected, got),
    `${count(same, "entry", "entries")} before it ${same === 1 ? "leads" : "lead"} to the same snapshots`,
    ...warnings,
  ];
}

function difference(name: string, tell: (of: Replayed) => string[], expected: Replayed, got: Replayed): string[] {
  const [kept, today] = [tell(expected), tell(got)];
  if (JSON.stringify(kept) === JSON.stringify(today)) return [];
  const lines = (when: string, told: string[]) =>
    (told.length > 0 ? told : ["none"]).map((text) => `  ${name}, ${when}: ${cleanLine(text, LONGEST_EFFECT)}`);
  return [...lines("as kept", kept), ...lines("as it comes out today", today)];
}

function stateOf({ state }: Replayed): string[] {
  return [stateWords(state)];
}
