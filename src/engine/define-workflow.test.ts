/** The types of a workflow are those of its machine: this is checked by tsc, and run. */

import { expect, expectTypeOf, test } from "vitest";
import { assign, setup } from "xstate";
import type { ActivityContext } from "../core/activity.ts";
import { activity, childWorkflow } from "./declare-activity.ts";
import {
  defineWorkflow,
  gather,
  type WorkflowEvent,
  type WorkflowInput,
  type WorkflowOutput,
} from "./define-workflow.ts";

const machine = setup({
  types: {
    input: {} as { readonly amount: number },
    context: {} as { readonly amount: number; readonly receipt: string },
    output: {} as { readonly receipt: string },
    events: {} as { readonly type: "approve"; readonly by: string },
  },
  actors: {
    charge: activity<{ amount: number }, { receipt: string }>(),
    ship: childWorkflow<{ receipt: string }, null>(),
  },
}).createMachine({
  id: "order",
  context: ({ input }) => ({ amount: input.amount, receipt: "" }),
  initial: "charging",
  states: {
    charging: {
      invoke: {
        src: "charge",
        id: "charge",
        input: ({ context: { amount } }) => ({ amount }),
        onDone: { target: "done", actions: assign({ receipt: ({ event }) => event.output.receipt }) },
      },
    },
    done: { type: "final" },
  },
  output: ({ context: { receipt } }) => ({ receipt }),
});

const order = defineWorkflow({
  name: "order",
  version: 1,
  machine,
  activities: {
    charge: {
      run: async (input, context) => {
        expectTypeOf(input).toEqualTypeOf<{ amount: number }>();
        expectTypeOf(context).toEqualTypeOf<ActivityContext>();
        return { receipt: `paid ${input.amount}` };
      },
    },
  },
});

test("a workflow's input, output, events and activities have the types that its machine declares", () => {
  expectTypeOf<WorkflowInput<typeof order>>().toEqualTypeOf<{ readonly amount: number }>();
  expectTypeOf<WorkflowOutput<typeof order>>().toEqualTypeOf<{ readonly receipt: string }>();
  expectTypeOf<WorkflowEvent<typeof order>>().toEqualTypeOf<{ readonly type: "approve"; readonly by: string }>();
  // @ts-expect-error: the machine declares that a charge gives a receipt
  defineWorkflow({ name: "order", version: 1, machine, activities: { charge: { run: async () => ({ paid: true }) } } });
  // @ts-expect-error: the machine has no such activity
  defineWorkflow({ name: "order", version: 1, machine, activities: { refund: { run: async () => null } } });
  expect(order).toMatchObject({ name: "order", version: 1, children: [], earlier: [] });
});

test("what belongs to a workflow is gathered once, however often it is named", () => {
  const empty = setup({}).createMachine({});
  const run = async () => ({ receipt: "" });
  const ship = defineWorkflow({ name: "ship", version: 1, machine: empty });
  const parent = defineWorkflow({
    name: "parent",
    version: 2,
    machine,
    activities: { charge: { run } },
    children: [ship],
    earlier: [order],
  });
  const { workflows, activities } = gather([parent, ship]);
  expect(workflows.map(({ name, version }) => [name, version])).toEqual([
    ["parent", 2],
    ["order", 1],
    ["ship", 1],
  ]);
  expect(activities).toEqual({ charge: { run } });
});
