/** Makes a recorded history one of no machine: folders get neutral names, then its hashes are made anew, by refolding. */

import { hostname, userInfo } from "node:os";
import type { Registry } from "../../src/engine/registry.ts";
import { refold, replay } from "../../src/engine/replay.ts";
import type { HistoryRecord } from "../../src/store/store.ts";

/**
 * The history must replay without a difference as it is: what is kept is then what really ran, but for the names. A hash
 * covers those too, so it cannot stay.
 *
 * @param names what each folder of this machine is called instead
 * @throws Error if the history does not replay, or names something of this machine still
 */
export function neutralHistory(
  history: readonly HistoryRecord[],
  registry: Registry,
  names: Readonly<Record<string, string>>,
): HistoryRecord[] {
  const { divergence } = replay(history, registry);
  if (divergence) throw new Error(`the recorded history does not replay: ${JSON.stringify(divergence)}`);
  const renamed = JSON.parse(rename(JSON.stringify(history), names)) as HistoryRecord[];
  const neutral = [...refold(renamed, registry)].map(({ entry, step: { state, snapshotHash, effects } }) => ({
    ...entry,
    state,
    snapshotHash,
    effects,
  }));
  for (const [index, { seq, state }] of neutral.entries()) {
    if (JSON.stringify(state) === JSON.stringify(history[index]?.state)) continue;
    throw new Error(`entry ${seq} leads elsewhere with other folders`);
  }
  refuseTraces(JSON.stringify(neutral));
  return neutral;
}

function rename(text: string, names: Readonly<Record<string, string>>): string {
  // A folder within another comes first.
  const longestFirst = Object.entries(names).sort(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
}

function refuseTraces(text: string): void {
  const folders = ["tmp", "home", "Users", userInfo().username].map((name) => `/${name}/`);
  const trace = folders.find((folder) => text.includes(folder));
  if (trace !== undefined) throw new Error(`the history names a folder of this machine: …${around(text, trace)}…`);
  if (text.split(/[^\w.-]+/).includes(hostname())) throw new Error("the history names this machine");
}

function around(text: string, part: string): string {
  const at = text.indexOf(part);
  return text.slice(Math.max(0, at - 60), at + 60);
}
