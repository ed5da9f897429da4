/** Promise 8: what jobs of each version of the workflows have been through, in `golden/`, leads to the same for ever. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AnyStateNode } from "xstate";
import { codingRegistry, codingWorkflows } from "../src/coding-workflows.ts";
import { refold, replay } from "../src/engine/replay.ts";
import type { HistoryRecord } from "../src/store/store.ts";

const FOLDER = join(import.meta.dirname, "golden");
const LARGEST = 200 * 1024;

const registry = codingRegistry();
const golden = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  return { file, text, history: (JSON.parse(text) as { history: readonly HistoryRecord[] }).history };
});

/** `subtask version 1` and the states in which its actors have rested, in all histories. */
const seen = new Map<string, Set<string>>();
for (const { history } of golden) {
  for (const { workflow, snapshot } of refold(history, registry)) {
    const name = nameOf(workflow);
    const states = seen.get(name) ?? new Set();
    seen.set(name, states);
    for (const { id } of snapshot._nodes) states.add(id);
  }
}

describe.each(golden)("golden history $file", ({ file, text, history }) => {
  test("promise 8: it leads to the same snapshots, states and effects", () => {
    expect(replay(history, registry)).toEqual({ same: history.length, divergence: null });
  });

  test("its name says which workflow began it", () => {
    const { workflow, version } = (history[0] as HistoryRecord).event as { workflow: string; version: number };
    expect(file.startsWith(`${workflow}-v${version}-`)).toBe(true);
  });

  test("it is small, and of no machine", () => {
    expect(text.length).toBeLessThan(LARGEST);
    expect(text).not.toMatch(/\/(?:tmp|home|root|Users|work)\//);
  });
});

/** States in which no golden job has rested. Each with the reason why it need not. */
const unrecorded: Readonly<Record<string, readonly string[]>> = {};

test.each(codingWorkflows)(
  "promise 8: the golden histories of $name version $version come to each of its states",
  (workflow) => {
    const { name, version, machine } = workflow;
    const resting = statesOf(machine.root).filter(({ always = [] }) => always.every(({ guard }) => guard));
    const missing = resting.map(({ id }) => id).filter((id) => !seen.get(nameOf({ name, version }))?.has(id));
    expect(missing, "record a job that comes there: see test/golden").toEqual(
      unrecorded[nameOf({ name, version })] ?? [],
    );
  },
);

function nameOf({ name, version }: { readonly name: string; readonly version: number }): string {
  return `${name} version ${version}`;
}

function statesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(statesOf)];
}
