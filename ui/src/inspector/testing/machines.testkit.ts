/** Charts and histories to test with: the real ones of coding jobs, and small machines for what these don't have. */
// biome-ignore-all lint/style/noRestrictedImports: tests stand on the real machines and a real history

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AnyStateMachine, setup } from "xstate";
import { codingRegistry } from "../../../../src/coding-workflows.ts";
import type { HistoryEntry } from "../../../../src/core/protocol/history.ts";
import type { Chart } from "../../../../src/core/protocol/machine.ts";
import { chartOf } from "../../../../src/engine/chart.ts";
import { Registry } from "../../../../src/engine/registry.ts";
import { entryView } from "../../../../src/jobs/view/entry-view.ts";
import type { HistoryRecord } from "../../../../src/store/store.ts";

const GOLDEN = join(import.meta.dirname, "..", "..", "..", "..", "workflows", "golden");
const coding = codingRegistry();

export function codingChart(name: "coding-job" | "subtask" | "integration"): Chart {
  return chartOf(coding.version(name, 1), (src) => ["subtask", "integration"].includes(src));
}

export function goldenHistory(name: "demo" | "broken" | "retried" | "approved" | "killed"): HistoryEntry[] {
  const text = readFileSync(join(GOLDEN, `coding-job-v1-${name}.json`), "utf8");
  return (JSON.parse(text) as { history: HistoryRecord[] }).history.map(entryView);
}

export function chartFrom(machine: AnyStateMachine): Chart {
  const registry = new Registry([{ name: machine.id, version: 1, machine }], {});
  return chartOf(registry.version(machine.id, 1), () => false);
}

/** With regions, a history state, delays, a self transition, and a transition of the machine itself. */
export const player = setup({}).createMachine({
  id: "player",
  initial: "off",
  on: { "power.cut": ".off" },
  states: {
    off: { on: { "power.on": "on.resume" } },
    on: {
      type: "parallel",
      on: { "power.off": "off", beep: { target: "on", reenter: true } },
      after: { 3600000: "off" },
      states: {
        resume: { type: "history", history: "deep" },
        sound: {
          initial: "loud",
          states: { loud: { on: { mute: "muted", toggle: "muted" } }, muted: { on: { toggle: "loud" } } },
        },
        tape: {
          initial: "stopped",
          states: {
            stopped: { on: { play: "playing", toggle: "playing" } },
            playing: { on: { toggle: "stopped", hum: {} } },
          },
        },
      },
    },
  },
});
