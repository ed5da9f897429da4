/** A chart made ready for questions: states by id, transitions by source, lineages. Pure. */

import type { Chart, ChartState, ChartTransition } from "../../../../src/core/protocol/machine.ts";

export class MachineIndex {
  readonly chart: Chart;
  readonly #states: ReadonlyMap<string, ChartState>;
  readonly #bySource: ReadonlyMap<string, readonly ChartTransition[]>;

  constructor(chart: Chart) {
    this.chart = chart;
    this.#states = new Map(chart.states.map((state) => [state.id, state]));
    this.#bySource = Map.groupBy(chart.transitions, ({ source }) => source);
  }

  state(id: string): ChartState | undefined {
    return this.#states.get(id);
  }

  transitionsOf(source: string): readonly ChartTransition[] {
    return this.#bySource.get(source) ?? [];
  }

  /** The state and all that it is nested in, the root last. */
  lineage(id: string): string[] {
    const found: string[] = [];
    for (let at = this.#states.get(id); at; at = at.parent === null ? undefined : this.#states.get(at.parent)) {
      found.push(at.id);
    }
    return found;
  }

  isWithin(inner: string, outer: string): boolean {
    return this.lineage(inner).includes(outer);
  }

  childByKey(parent: string, key: string): ChartState | undefined {
    return this.#states
      .get(parent)
      ?.children.map((id) => this.#states.get(id))
      .find((child) => child?.key === key);
  }
}
