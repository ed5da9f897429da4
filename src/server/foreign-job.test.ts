/** A job of a workflow that is no coding job, and that this server does not even know, can be looked at like any other. */

import { expect, test } from "vitest";
import type { z } from "zod";
import type { Json } from "../core/json.ts";
import { doneSchema } from "../core/protocol/actions.ts";
import { jsonSchema } from "../core/protocol/common.ts";
import { conflictsSchema, diffSchema } from "../core/protocol/diffs.ts";
import {
  actorDetailSchema,
  actorsSchema,
  fullEntrySchema,
  historyPageSchema,
  pointSchema,
} from "../core/protocol/history.ts";
import { jobDetailSchema, jobsPageSchema } from "../core/protocol/jobs.ts";
import { logSourcesSchema } from "../core/protocol/logs.ts";
import { possibleEventsSchema } from "../core/protocol/machine.ts";
import { type ServerMessage, serverMessageSchema } from "../core/protocol/stream.ts";
import { createEngine } from "../engine/engine.ts";
import { approval, sequence } from "../engine/testing/workflows.ts";
import type { Store } from "../store/store.ts";
import { openTestDashboard } from "./testing/dashboard.testkit.ts";

async function runForeign(store: Store, input: Json): Promise<void> {
  const act = (output: Json) => ({ run: async () => output });
  const engine = createEngine({
    store,
    workflows: [sequence("gather", "send"), approval],
    activities: { gather: act([1, 2]), send: act("sent"), ask: act(null), act: act(null) },
    owner: { host: "here", bootId: "boot", pid: process.pid, processStart: "1" },
    isGone: () => true,
  });
  engine.start({ workflow: "sequence", jobId: "mail", input });
  engine.start({ workflow: "approval", jobId: "asks", input, labels: { task: "Ask somebody" } });
  await engine.run("mail");
  // It waits for a word for as long as it is run.
  const stop = new AbortController();
  await engine.run("asks", {
    signal: stop.signal,
    onUpdate: (update) => {
      if (update.type === "step" && update.step.job?.status === "waiting") stop.abort();
    },
  });
}

test.each([
  ["no input", null],
  ["an input of its own", { to: "everybody", repository: "none", settings: 7 }],
  ["words for an input", "hello"],
])("a job with %s shows its task, its history, its states and what it answered", async (_name, input) => {
  await using server = await openTestDashboard();
  await runForeign(server.store, input);
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await server.fetch(path);
    const text = await response.text();
    expect(response.status, `${path}: ${text}`).toBe(200);
    return schema.parse(JSON.parse(text));
  };

  const { jobs } = await get("/api/jobs", jobsPageSchema);
  expect(jobs.map(({ id, workflow, task, state }) => [id, workflow, task, state])).toEqual(
    expect.arrayContaining([
      ["mail", "sequence", "sequence", "done"],
      ["asks", "approval", "Ask somebody", "waiting"],
    ]),
  );
  const { job, subtasks } = await get("/api/jobs/mail", jobDetailSchema);
  expect(job).toMatchObject({ isCodingJob: false, result: null, output: [[1, 2], "sent"], cost: null });
  expect(subtasks).toEqual([]);
  const { entries } = await get("/api/jobs/mail/history", historyPageSchema);
  expect(entries.map(({ state }) => state)).toEqual(["gather", "send", "done"]);
  await get("/api/jobs/mail/history/2", fullEntrySchema);
  expect((await get("/api/jobs/mail/actors", actorsSchema)).actors).toMatchObject([{ id: "job", state: "done" }]);
  expect(await get("/api/jobs/mail/actor?id=job", actorDetailSchema)).toMatchObject({
    id: "job",
    context: { outputs: [[1, 2], "sent"] },
  });
  const point = await get("/api/jobs/mail/at/2", pointSchema);
  expect(point).toMatchObject({ detail: { job: { phase: "send", isCodingJob: false } }, actors: [{ state: "send" }] });
  expect((await get("/api/jobs/asks/events", possibleEventsSchema)).events).toEqual([]);
  expect((await get("/api/jobs/mail/logs", logSourcesSchema)).logs).toEqual([]);
  expect(await get("/api/jobs/mail/diff?of=result", diffSchema)).toMatchObject({ files: [] });
  expect(await get("/api/jobs/mail/conflicts", conflictsSchema)).toEqual({ conflicts: [] });
  expect(await get("/api/jobs/mail/artifacts", jsonSchema)).toEqual({ artifacts: [] });
});

test("it takes the engine's words; those of a coding job are refused, with where its own are", async () => {
  await using server = await openTestDashboard();
  await runForeign(server.store, null);
  const say = (action: string) =>
    server.fetch("/api/jobs/asks/actions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ action }),
    });
  const { job } = jobDetailSchema.parse(await (await server.fetch("/api/jobs/asks")).json());
  const possible = job.actions.filter(({ isPossible }) => isPossible).map(({ action }) => action);
  expect(possible).toEqual(["resume", "pause", "cancel"]);
  for (const action of ["approve", "retry"]) {
    const answer = await say(action);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: "not-a-coding-job", hint: expect.stringContaining("inspector") },
    });
  }
  expect(doneSchema.parse(await (await say("pause")).json()).said).toBe("job asks is paused; what is finished is kept");
  // The word is committed: the program whose job it is takes it.
  expect(doneSchema.parse(await (await say("cancel")).json())).toMatchObject({
    said: "job asks is cancelled; what it has made is kept",
    notRun: { code: "workflow-of-program" },
  });
});

test("it is streamed like any other", async () => {
  await using server = await openTestDashboard();
  await runForeign(server.store, { some: "input" });
  const response = await server.fetch("/api/stream?job=mail");
  const messages: ServerMessage[] = [];
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    for (const block of whole) {
      const data = /^data: ?(.*)$/m.exec(block)?.[1];
      if (data) messages.push(serverMessageSchema.parse(JSON.parse(data)));
    }
    if (messages.some((one) => one.type === "update" && one.seq === 3)) break;
  }
  expect(messages.find(({ type }) => type === "job")).toMatchObject({ job: { workflow: "sequence", state: "done" } });
});
