/** Jobs for the dispatcher's tests: the real engine and store, with work that is a function of the test. */

import type { ActivityContext } from "../../core/activity.ts";
import { noPrices } from "../../core/cost.ts";
import { createEngine, type Engine } from "../../engine/engine.ts";
import { approval, sequence } from "../../engine/testing/workflows.ts";
import { hasSettled } from "../../jobs/jobs.ts";
import { isGone, thisOwner } from "../../services/owner.ts";
import { openSqliteStore } from "../../store/sqlite/open.ts";
import type { DispatchedJobs } from "../dispatched-jobs.ts";

export const REPOSITORY = "/a/repository";

export interface PlainJobs extends DispatchedJobs, Disposable {
  readonly engine: Engine;
}

/** Each job does `act`, once. `asks`: it waits for an `approve` before. */
export async function openPlainJobs(
  path: string,
  act: (jobId: string, context: ActivityContext) => unknown,
  { asks = false }: { readonly asks?: boolean } = {},
): Promise<PlainJobs> {
  const store = await openSqliteStore(path);
  const engine = createEngine({
    store,
    workflows: [asks ? approval : sequence("act")],
    activities: {
      ask: { run: async () => null },
      act: { run: async (_input: unknown, context) => (await act(context.jobId, context)) ?? null },
    },
    owner: await thisOwner(),
    isGone,
  });
  return {
    store,
    pricesOf: noPrices,
    engine,
    create: async ({ jobId, description, labels }) =>
      engine.start({
        workflow: asks ? "approval" : "sequence",
        jobId,
        input: { task: description },
        labels: { ...labels, repository: REPOSITORY },
      }),
    run: async (jobId, { signal, onEvent }) => {
      const job = await engine.run(jobId, {
        signal,
        onUpdate: (update) => {
          if (update.type === "step" && update.step.job?.status === "waiting") {
            onEvent({ type: "job.waiting", jobId, for: "approval" });
          }
        },
      });
      if (!hasSettled(job)) onEvent({ type: "job.interrupted", jobId, resume: "" });
      return job;
    },
    [Symbol.dispose]: () => store.close(),
  };
}
