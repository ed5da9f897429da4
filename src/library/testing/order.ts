/** A small workflow of the library's tests: it charges, waits for a word or a while, ships by a child, and is done. */

import { appendFileSync } from "node:fs";
import { assign, setup } from "xstate";
import { activity, childWorkflow } from "../../engine/declare-activity.ts";
import { defineWorkflow } from "../../engine/define-workflow.ts";

type Approval = { readonly type: "approve"; readonly by: string };

/** @param journal a file that each activity writes to, whoever runs it */
export function orderWorkflow(journal: string, { chargeMs = 0, patienceMs = 60_000 } = {}) {
  const parcel = setup({
    types: { input: {} as { receipt: string }, output: {} as string, context: {} as { receipt: string } },
    actors: { post: activity<string, string>() },
  }).createMachine({
    id: "parcel",
    context: ({ input }) => input,
    initial: "posting",
    states: {
      posting: { invoke: { src: "post", id: "post", input: ({ context }) => context.receipt, onDone: "posted" } },
      posted: { type: "final" },
    },
    output: ({ context: { receipt } }) => `parcel of ${receipt}`,
  });
  const machine = setup({
    types: {
      input: {} as { amount: number },
      context: {} as { amount: number; receipt: string; by: string; parcel: string },
      output: {} as { receipt: string; by: string; parcel: string },
      events: {} as Approval,
      tags: {} as "waiting",
    },
    actors: {
      charge: activity<{ amount: number }, { receipt: string }>(),
      parcel: childWorkflow<{ receipt: string }, string>(),
    },
    delays: { patience: patienceMs },
  }).createMachine({
    id: "order",
    context: ({ input }) => ({ amount: input.amount, receipt: "", by: "nobody", parcel: "" }),
    initial: "charging",
    states: {
      charging: {
        invoke: {
          src: "charge",
          id: "charge",
          input: ({ context: { amount } }) => ({ amount }),
          onDone: { target: "waiting", actions: assign({ receipt: ({ event }) => event.output.receipt }) },
        },
      },
      waiting: {
        tags: "waiting",
        on: { approve: { target: "shipping", actions: assign({ by: ({ event }) => event.by }) } },
        after: { patience: "shipping" },
      },
      shipping: {
        invoke: {
          src: "parcel",
          id: "parcel",
          input: ({ context: { receipt } }) => ({ receipt }),
          onDone: { target: "done", actions: assign({ parcel: ({ event }) => event.output }) },
        },
      },
      done: { type: "final" },
    },
    output: ({ context: { receipt, by, parcel } }) => ({ receipt, by, parcel }),
  });
  const note = (line: string) => appendFileSync(journal, `${line}\n`);
  return defineWorkflow({
    name: "order",
    version: 1,
    machine,
    activities: {
      charge: {
        run: async ({ amount }, { effectId, attempt }) => {
          note(`charge ${attempt}`);
          await new Promise((resolve) => setTimeout(resolve, chargeMs));
          if (amount < 0) throw new Error("nobody pays that");
          return { receipt: `${effectId} over ${amount}` };
        },
      },
    },
    children: [
      defineWorkflow({
        name: "parcel",
        version: 1,
        machine: parcel,
        activities: {
          post: {
            run: async (receipt) => {
              note("post");
              return receipt;
            },
          },
        },
      }),
    ],
  });
}
