/**
 * The statecharts of the workflows that an engine runs, kept beside its jobs: whoever looks at a job later can draw it
 * without the program that the workflow is in. Nothing that runs depends on them.
 */

import { toJson } from "../core/json.ts";
import { type Chart, chartSchema } from "../core/protocol/machine.ts";
import type { Store } from "../store/store.ts";
import { chartOf } from "./chart.ts";
import type { Registry } from "./registry.ts";

const noteName = (workflow: string, version: number) => `chart-${workflow}-${version}`;

/** Writes those that are not there yet as they are now. */
export function keepCharts(store: Store, registry: Registry): void {
  const isWorkflow = (src: string) => registry.newest(src) !== undefined;
  for (const workflow of registry.workflows()) {
    const { name, version, definitionHash } = workflow;
    if (keptChart(store, name, version)?.definitionHash === definitionHash) continue;
    store.putNote({
      jobId: "",
      name: noteName(name, version),
      content: toJson(chartOf(workflow, isWorkflow), "chart"),
    });
  }
}

/** Undefined if none was kept, or not by this kind of orch. */
export function keptChart(store: Store, workflow: string, version: number): Chart | undefined {
  return chartSchema.safeParse(store.getNote("", noteName(workflow, version))).data;
}
