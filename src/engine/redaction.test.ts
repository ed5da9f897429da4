/** Secrets stop at the engine's edge: what is committed, told and replayed never had them. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { assign, setup } from "xstate";
import type { ActivityContext } from "../core/activity.ts";
import { OrchError } from "../core/errors.ts";
import { createRedactor } from "../core/redact.ts";
import { activity } from "./testing/activity.ts";
import { openHarness, Watcher } from "./testing/harness.ts";

const SECRET = "planted-secret-0815";

const machine = setup({
  types: { context: {} as { seen: unknown[] } },
  actors: { leak: activity(), fail: activity() },
  actions: { see: assign(({ context, event }) => ({ seen: [...context.seen, event] })) },
}).createMachine({
  id: "leaky",
  context: { seen: [] },
  initial: "leaking",
  states: {
    leaking: { invoke: { src: "leak", id: "leak", onDone: { target: "failing", actions: "see" } } },
    failing: { invoke: { src: "fail", id: "fail", onError: { target: "waiting", actions: "see" } } },
    waiting: { on: { word: { target: "done", actions: "see" } } },
    done: { type: "final" },
  },
  output: ({ context }) => context,
});

test("a secret in an output, a heartbeat, an artifact, an error or a signal is in no byte of the database, nor told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-redact-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { engine, store } = await openHarness({
    path: join(folder, "x.db"),
    redact: createRedactor([SECRET]),
    workflows: [{ name: "leaky", version: 1, machine }],
    activities: {
      leak: {
        run: async (_input: unknown, context: ActivityContext) => {
          context.heartbeat({ line: `at ${SECRET}` });
          await context.checkpoint({ line: `on ${SECRET}`, [SECRET]: 1 });
          context.putArtifact("plan", { text: [SECRET] });
          expect(context.getArtifact("plan")).toEqual({ text: ["[redacted]"] });
          return { message: `it is ${SECRET}`, in: { a: { list: [`${SECRET}${SECRET}`] } } };
        },
      },
      fail: {
        retry: { maximumAttempts: 2, initialIntervalMs: 0, backoffCoefficient: 1, maximumIntervalMs: 0 },
        run: () => {
          const cause = new Error(`cause ${SECRET}`);
          throw new OrchError(`failed with ${SECRET}`, {
            code: "leaky",
            hint: `hide ${SECRET}`,
            retryable: true,
            details: { said: SECRET },
            cause,
          });
        },
      },
    },
  });
  engine.start({ workflow: "leaky", jobId: "leaky-1", input: null });
  const watcher = new Watcher();
  const running = engine.run("leaky-1", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  engine.signal({ jobId: "leaky-1", event: { type: "word", said: `mine: ${SECRET}` } });
  const job = await running;

  const output = JSON.stringify(job.output);
  for (const part of ["it is [redacted]", "failed with [redacted]", "hide [redacted]", "mine: [redacted]"]) {
    expect(output).toContain(part);
  }
  expect(JSON.stringify(watcher.updates)).toContain("at [redacted]");
  expect(JSON.stringify(watcher.updates)).not.toContain(SECRET);
  expect(store.getArtifact("leaky-1", "plan")?.content).toEqual({ text: ["[redacted]"] });
  const names = readdirSync(folder);
  expect(names.some((name) => name.endsWith("-wal"))).toBe(true);
  for (const name of names) expect(readFileSync(join(folder, name)).includes(SECRET)).toBe(false);
});
