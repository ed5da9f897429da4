import { expect, test } from "vitest";
import { codingRegistry, codingWorkflows } from "../coding-workflows.ts";
import { chartSchema } from "../core/protocol/machine.ts";
import { chartOf } from "./chart.ts";
import { nodesOf } from "./state-nodes.ts";

const isWorkflow = (src: string) => codingWorkflows.some(({ name }) => name === src);

test.each(codingWorkflows)(
  "the chart of $name has every state, and every transition with its ends",
  ({ name, version, machine }) => {
    const chart = chartSchema.parse(chartOf(codingRegistry().version(name, version), isWorkflow));
    const ids = chart.states.map(({ id }) => id);
    expect(ids).toEqual(nodesOf(machine.root).map(({ id }) => id));
    expect(new Set(chart.transitions.map(({ id }) => id)).size).toBe(chart.transitions.length);
    for (const { source, targets } of chart.transitions)
      expect(ids).toEqual(expect.arrayContaining([source, ...targets]));
    for (const { parent, children } of chart.states)
      expect(ids).toEqual(expect.arrayContaining([...children, ...(parent ? [parent] : [])]));
  },
);

test("services, guards, eventless transitions and child machines are told", () => {
  const chart = chartOf(codingRegistry().version("coding-job", 1), isWorkflow);
  const state = (id: string) => chart.states.find((one) => one.id === `coding-job.${id}`);
  expect(state("planning")?.invokes).toEqual([{ id: "plan", src: "planTask", workflow: null }]);
  expect(state("merging")?.invokes).toEqual([{ id: "integration", src: "integration", workflow: "integration" }]);
  expect(state("working")?.spawns).toEqual(["subtask"]);
  expect(state("done")?.type).toBe("final");
  const of = (source: string) => chart.transitions.filter((one) => one.source === `coding-job.${source}`);
  expect(of("planning")).toMatchObject([
    {
      kind: "done",
      service: "plan",
      guard: "wantsApproval",
      actions: ["keepPlan"],
      targets: ["coding-job.awaitingApproval"],
    },
    { kind: "done", service: "plan", guard: null, targets: ["coding-job.working"] },
    { kind: "error", service: "plan", targets: ["coding-job.failed"] },
  ]);
  expect(
    of("working")
      .filter(({ kind }) => kind === "always")
      .map(({ guard }) => guard),
  ).toEqual(["isComplete", "isSettled"]);
});
