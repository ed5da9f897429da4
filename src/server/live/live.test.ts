/** The stream: what another process commits comes, each entry once and in order, however often the connection is lost. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noPrices } from "../../core/cost.ts";
import { jobDetailSchema } from "../../core/protocol/jobs.ts";
import { type ServerMessage, serverMessageSchema } from "../../core/protocol/stream.ts";
import { JobLogs } from "../../jobs/view/log-sources.ts";
import { openSqliteStore } from "../../store/sqlite/open.ts";
import { openTestDashboard, type TestDashboard } from "../testing/dashboard.testkit.ts";
import { Hub } from "./hub.ts";
import { Watcher } from "./watcher.ts";

/** Another process that runs a job of that size on the same database. Its exit code. */
function runElsewhere(
  databasePath: string,
  subtasks: number,
  followUps: number,
  jobId = "big",
): ChildProcess & { ended: Promise<number> } {
  const program = join(import.meta.dirname, "..", "testing", "commit.fixture.ts");
  const child = spawn(process.execPath, [program, databasePath, String(subtasks), String(followUps), jobId], {
    stdio: "inherit",
  });
  return Object.assign(child, { ended: once(child, "exit").then(([code]) => code as number) });
}

function open({ base, token }: TestDashboard, query: string): WebSocket {
  const headers = { authorization: `Bearer ${token}` };
  return new WebSocket(`${base.replace("http", "ws")}/ws${query}`, { headers } as never);
}

const lastOf = ({ store }: TestDashboard) => (store.getJob("big")?.nextSeq ?? 1) - 1;

/** What a page holds, merged as the protocol says. */
class Held {
  readonly seqs: number[] = [];
  head: unknown = null;
  isOver = false;
  readonly subtasks = new Map<string, { readonly status: string }>();
  readonly actors = new Map<string, unknown>();

  take(message: ServerMessage): void {
    if (message.type !== "job" && message.type !== "update") return;
    this.head = message.job ?? this.head;
    this.isOver = (this.head as { readonly state?: string } | null)?.state === "done";
    for (const subtask of message.subtasks) this.subtasks.set(subtask.id, subtask);
    for (const actor of message.actors) this.actors.set(actor.id, actor);
    if (message.type === "update") this.seqs.push(...message.entries.map(({ seq }) => seq));
  }

  get last(): number {
    return this.seqs.at(-1) ?? 0;
  }
}

test("what another process commits comes by itself, from before the job was there to its end", async () => {
  await using server = await openTestDashboard();
  const held = new Held();
  const kinds: string[] = [];
  const socket = open(server, "?job=big&jobs=1");
  const { promise: done, resolve } = Promise.withResolvers<void>();
  socket.addEventListener("message", ({ data }) => {
    const message = serverMessageSchema.parse(JSON.parse(String(data)));
    kinds.push(message.type);
    held.take(message);
    // The list of jobs is looked at less often than the job: it may come after the job's end.
    if (held.isOver && held.last === lastOf(server) && kinds.includes("jobs-changed")) resolve();
  });
  await once(socket, "open");
  const other = runElsewhere(server.databasePath, 6, 1);
  await done;
  expect(await other.ended).toBe(0);
  expect(kinds.slice(0, 3).sort()).toEqual(["hello", "jobs", "no-job"]);
  expect(held.seqs).toEqual(server.store.listHistory("big").map(({ seq }) => seq));
  socket.close();
});

test("cut a hundred times while the job runs, a page holds at the end what the database does", async () => {
  await using server = await openTestDashboard();
  const held = new Held();
  const other = runElsewhere(server.databasePath, 500, 4);
  let [connections, seed, whileItRan] = [0, 7, 0];
  while (!held.isOver || connections < 100 || held.last !== lastOf(server)) {
    connections += 1;
    if (other.exitCode === null) whileItRan += 1;
    seed = (seed * 48_271) % 2_147_483_647;
    // Not a time but a number of messages: it is cut at another place of the stream each time.
    let left = connections < 100 ? 1 + (seed % 6) : Number.POSITIVE_INFINITY;
    const socket = open(server, `?job=big&since=${held.last}`);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("error", () => reject(new Error("refused")));
      socket.addEventListener("close", () => resolve());
      socket.addEventListener("message", ({ data }) => {
        if (left <= 0) return;
        left -= 1;
        held.take(serverMessageSchema.parse(JSON.parse(String(data))));
        const isAll = held.isOver && held.last === lastOf(server);
        if (left <= 0 || isAll) socket.close();
      });
    });
  }
  expect(await other.ended).toBe(0);
  expect(connections).toBeGreaterThanOrEqual(100);
  expect(whileItRan).toBeGreaterThan(20);
  expect(held.seqs).toEqual(server.store.listHistory("big").map(({ seq }) => seq));
  const detail = jobDetailSchema.parse(await (await server.fetch("/api/jobs/big")).json());
  // That nobody runs it any more comes after its last entry: a page that is not cut again hears of it.
  const last = open(server, `?job=big&since=${held.last}`);
  last.addEventListener("message", ({ data }) => held.take(serverMessageSchema.parse(JSON.parse(String(data)))));
  await expect.poll(() => held.head, { timeout: 20_000 }).toEqual(detail.job);
  last.close();
  expect(held.seqs).toEqual(server.store.listHistory("big").map(({ seq }) => seq));
  expect([...held.subtasks.values()]).toEqual(detail.subtasks.map((subtask) => ({ ...subtask, instructions: null })));
  const actors = (await (await server.fetch("/api/jobs/big/actors")).json()) as { actors: { id: string }[] };
  expect([...held.actors.values()]).toEqual(
    expect.arrayContaining(actors.actors.map((actor) => expect.objectContaining(actor))),
  );
});

test("without a job the active one is shown: the newest, and the next as soon as it runs", async () => {
  await using server = await openTestDashboard({ size: { subtasks: 1, followUps: 0 } });
  const socket = open(server, "");
  const jobs: string[] = [];
  socket.addEventListener("message", ({ data }) => {
    const message = serverMessageSchema.parse(JSON.parse(String(data)));
    if (message.type === "job") jobs.push(message.jobId);
  });
  await expect.poll(() => jobs, { timeout: 20_000 }).toEqual(["big"]);
  const other = runElsewhere(server.databasePath, 10, 1, "next");
  await expect.poll(() => jobs, { timeout: 20_000 }).toEqual(["big", "next"]);
  expect(await other.ended).toBe(0);
  socket.close();
});

test("curl's stream says the same, and goes on behind Last-Event-ID", async () => {
  await using server = await openTestDashboard({ size: { subtasks: 2, followUps: 0 } });
  const last = lastOf(server);
  const read = async (headers: Record<string, string>) => {
    const response = await server.fetch("/api/stream?job=big", { headers });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const seqs: number[] = [];
    let text = "";
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data === undefined) continue;
        const message = serverMessageSchema.parse(JSON.parse(data));
        if (message.type === "update") seqs.push(...message.entries.map(({ seq }) => seq));
      }
      if (seqs.at(-1) === last) break;
    }
    return seqs;
  };
  expect(await read({})).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(await read({ "last-event-id": String(last - 2) })).toEqual([last - 1, last]);
});

test("a client that cannot take more is sent nothing, and then, at its own pace, all of it", async () => {
  await using server = await openTestDashboard({ size: { subtasks: 30, followUps: 10 } });
  const store = await openSqliteStore(server.databasePath);
  const logs = new JobLogs((text) => text);
  const hub = new Hub({
    store,
    reads: store.reads,
    logs,
    pricesOf: noPrices,
    report: (error) => expect(error).toBeUndefined(),
  });
  const held = new Held();
  let [room, sent] = [2, 0];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const watcher = new Watcher({
    canTake: () => room > 0,
    send: (message) => {
      room -= 1;
      sent += 1;
      held.take(message);
      if (held.last === lastOf(server)) resolve();
    },
  });
  watcher.watch("big", 0);
  hub.add(watcher);
  await expect.poll(() => sent).toBe(2);
  // Each commit of others makes a round; none of them may send anything.
  for (const id of ["a", "b", "c"]) {
    server.store.createJob({ id, workflow: "w", version: 1, definitionHash: "", input: {}, labels: {}, now: 1 });
    await new Promise((next) => setTimeout(next, 60));
  }
  expect([sent, held.last]).toEqual([2, 500]);
  const pace = setInterval(() => {
    room = 1;
    hub.poke();
  }, 10);
  await all;
  clearInterval(pace);
  expect(held.seqs).toEqual(Array.from({ length: lastOf(server) }, (_, index) => index + 1));
  hub.close();
  store.close();
});
