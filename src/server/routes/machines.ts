/** Statecharts of the workflows, and the events that a job can take now. */

import { codingRegistry, codingWorkflows } from "../../coding-workflows.ts";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { MachinesView, PossibleEvents } from "../../core/protocol/machine.ts";
import { chartOf } from "../../engine/chart.ts";
import { keptChart } from "../../engine/kept-charts.ts";
import { findJob } from "../../jobs/jobs.ts";
import { possibleEvents } from "../../jobs/view/possible-events.ts";
import { jobIdOf, numberOf } from "../request.ts";
import { get, type Route } from "./route.ts";

const isWorkflow = (src: string) => codingWorkflows.some(({ name }) => name === src);

export const machineRoutes: readonly Route[] = [
  get("/api/machines", (): MachinesView => {
    const registry = codingRegistry();
    const machines = codingWorkflows.map(({ name, version }) => {
      return { name, version, definitionHash: registry.version(name, version).definitionHash };
    });
    return { machines };
  }),
  get("/api/machines/:name/:version", ({ params }, { store }) => {
    const name = params.name ?? "";
    const version = numberOf(params.version, "a version");
    if (!codingWorkflows.some((one) => one.name === name && one.version === version)) {
      // Of one's own, as the engine that ran it has seen it: its program is not run to look at it.
      const kept = keptChart(store, name, version);
      if (kept) return kept;
      throw new UsageError(`this orch does not have the workflow ${printable(name)} version ${version}`, {
        code: "workflow-unknown",
        hint: "what began the job has it: another release of orch, or a workflow of your own; its steps are in the history",
      });
    }
    return chartOf(codingRegistry().version(name, version), isWorkflow);
  }),
  get("/api/jobs/:job/events", (call, { store }): PossibleEvents => {
    const job = findJob(store, jobIdOf(call));
    return { seq: job.nextSeq - 1, events: possibleEvents(store, job) };
  }),
];
