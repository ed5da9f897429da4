/** What a user's compiler sees of the package, with all its strictness. It is type-checked, not run. */

import {
  activity,
  createEngine,
  createInMemoryTaskSource,
  defineWorkflow,
  type JobEvent,
  OrchError,
  type OrchestratorResult,
  openCodingJobs,
  openStore,
  runOrchestrator,
  runTaskDispatcher,
  type TaskReporter,
  type TaskSource,
  UsageError,
} from "@orch/orch";
import { setup } from "xstate";

export async function asWithCodexOrchestrator(): Promise<string> {
  const output = await runOrchestrator({
    taskDescription: "Add /api/v1/users/search endpoint and tests",
    baseDir: "/override/path",
  });
  const text: string = output;
  return text.trim();
}

export async function typed(onEvent: (event: JobEvent) => void): Promise<string | null> {
  const run = runOrchestrator({ taskDescription: "x", approvePlan: true, onEvent, signal: AbortSignal.timeout(1000) });
  await run.signal({ type: "plan.approve" });
  const result: OrchestratorResult = await run.result;
  // @ts-expect-error: it is no text
  const wrong: string = result;
  return result.status === "done" ? result.resultBranch : wrong;
}

export function isWrongUse(error: unknown): boolean {
  if (!(error instanceof OrchError)) return false;
  const { code, hint, retryable }: { code: string; hint: string | undefined; retryable: boolean } = error;
  return error instanceof UsageError && code !== "" && hint !== "" && !retryable;
}

const machine = setup({
  types: { input: {} as { n: number }, output: {} as { m: number }, events: {} as { type: "go"; how: string } },
  actors: { add: activity<number, number>() },
}).createMachine({ output: { m: 1 } });
const adding = defineWorkflow({
  name: "adding",
  version: 1,
  machine,
  activities: { add: { run: async (n, { signal }) => (signal.aborted ? n : n + 1), startToCloseMs: 1000 } },
});

export async function durable(): Promise<number> {
  using store = await openStore(":memory:");
  await using engine = await createEngine({ store, workflows: [adding] });
  const job = await engine.start(adding, { input: { n: 1 } });
  // @ts-expect-error: it says how
  await job.signal({ type: "go" });
  // @ts-expect-error: it is a number
  await engine.start(adding, { input: { n: "1" } });
  for await (const { seq, state } of job.watch()) console.log(seq, state);
  const { m } = await job.result();
  return m;
}

class Tickets implements TaskSource {
  readonly name = "tickets";
  async next(signal: AbortSignal) {
    return signal.aborted ? null : { jobId: "ticket-1", description: "Mend it" };
  }
}

const reporter: TaskReporter = { name: "console", report: (event) => console.log(event.type) };

export async function dispatch(): Promise<number> {
  using coding = await openCodingJobs({ baseDir: "." });
  const { jobs, repository } = coding;
  const sources = [createInMemoryTaskSource(["a", { id: "b", description: "b" }]), new Tickets()];
  const { done } = await runTaskDispatcher({ jobs, repository, sources, reporters: [reporter] });
  return done;
}
