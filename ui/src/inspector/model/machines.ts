/** Machines as they are drawn, each version loaded and laid out once. */

import type { Chart } from "../../../../src/core/protocol/machine.ts";
import { getChart } from "../../api/machines.ts";
import { type Graph, graphOf } from "../chart/graph.ts";
import { layOut } from "../chart/layout.ts";
import type { Scene } from "../chart/scene.ts";
import { type TransitionWords, wordsOf } from "../chart/transition-words.ts";
import { MachineIndex } from "../path/machine-index.ts";

export interface Machine {
  readonly chart: Chart;
  readonly index: MachineIndex;
  readonly graph: Graph;
  readonly scene: Scene;
  readonly words: ReadonlyMap<string, TransitionWords>;
}

const loaded = new Map<string, Promise<Machine>>();

export function loadMachine(name: string, version: number): Promise<Machine> {
  const key = `${name}@${version}`;
  const known = loaded.get(key);
  if (known) return known;
  const machine = getChart(name, version).then(machineOf);
  loaded.set(key, machine);
  // Asked again the next time: the server may only have been away.
  machine.catch(() => loaded.delete(key));
  return machine;
}

function machineOf(chart: Chart): Machine {
  const graph = graphOf(chart);
  return { chart, index: new MachineIndex(chart), graph, scene: layOut(graph), words: wordsOf(chart) };
}
