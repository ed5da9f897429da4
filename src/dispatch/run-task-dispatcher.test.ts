/** The dispatcher: a task is a job before its source is told, and a job is run by one, once, so many at a time. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { OrchError } from "../core/errors.ts";
import { startProgram } from "../store/testing/child-program.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import type { DispatchEvent } from "./dispatch-event.ts";
import { createEnvironmentTaskSource, parseTasks } from "./environment-source.ts";
import { createInMemoryTaskSource } from "./in-memory-source.ts";
import { type DispatcherOptions, runTaskDispatcher } from "./run-task-dispatcher.ts";
import type { TaskReporter } from "./task-reporter.ts";
import type { TaskSource } from "./task-source.ts";
import { openPlainJobs, type PlainJobs, REPOSITORY } from "./testing/plain-jobs.ts";

const PROGRAM = new URL("testing/dispatch-program.ts", import.meta.url);

class Noted implements TaskReporter {
  readonly name = "noted";
  readonly events: DispatchEvent[] = [];

  report(event: DispatchEvent): void {
    this.events.push(event);
  }

  of<Type extends DispatchEvent["type"]>(type: Type) {
    return this.events.filter((event): event is Extract<DispatchEvent, { type: Type }> => event.type === type);
  }
}

async function open(act: Parameters<typeof openPlainJobs>[1] = () => {}, path = ":memory:", asks = false) {
  const jobs = await openPlainJobs(path, act, { asks });
  onTestFinished(() => jobs[Symbol.dispose]());
  return jobs;
}

async function dispatch(jobs: PlainJobs, sources: readonly TaskSource[], more: Partial<DispatcherOptions> = {}) {
  const noted = new Noted();
  const summary = await runTaskDispatcher({ jobs, repository: REPOSITORY, sources, reporters: [noted], ...more });
  return { summary, noted };
}

/** Gives one task after the other as it is told them. */
function chat(name: string): TaskSource & { say(id: string, description: string | null): void; end(): void } {
  const waiting: Parameters<typeof say>[] = [];
  let wake = () => {};
  let isOver = false;
  const say = (id: string, description: string | null) => {
    waiting.push([id, description]);
    wake();
  };
  return {
    name,
    takesAhead: true,
    say,
    end: () => {
      isOver = true;
      wake();
    },
    next: async (signal) => {
      while (!signal.aborted) {
        const [id, description] = waiting.shift() ?? [];
        if (id !== undefined) return { jobId: `${name}-${id}`, description: description ?? null };
        if (isOver) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      return null;
    },
  };
}

test("tasks are done one after the other, and then it ends", async () => {
  const log: string[] = [];
  const jobs = await open(async (jobId) => {
    log.push(`begin ${jobId}`);
    await pause(5);
    log.push(`end ${jobId}`);
  });
  const tasks = ["a", "b", "c"].map((id) => ({ id, description: `Do ${id}` }));
  const { summary, noted } = await dispatch(jobs, [createInMemoryTaskSource(tasks)]);
  expect(log).toEqual(["a", "b", "c"].flatMap((id) => [`begin memory-${id}`, `end memory-${id}`]));
  expect(summary).toEqual({ done: 3, failed: 0, refused: 0, isStopped: false });
  expect(noted.of("task.taken").map(({ task }) => task)).toEqual(["Do a", "Do b", "Do c"]);
  expect(noted.events.at(0)?.type).toBe("dispatcher.started");
  expect(noted.events.at(-1)).toMatchObject({ type: "dispatcher.stopped", reason: "done", done: 3 });
  expect(jobs.store.getJob("memory-a")?.labels.source).toBe("memory");
});

test("no more jobs are worked on at a time than is said", async () => {
  let [running, most] = [0, 0];
  const jobs = await open(async () => {
    running += 1;
    most = Math.max(most, running);
    await pause(10);
    running -= 1;
  });
  const { summary } = await dispatch(jobs, [createInMemoryTaskSource(Array(9).fill("Do it"))], { concurrency: 3 });
  expect(summary.done).toBe(9);
  expect(most).toBe(3);
});

test("a source is told that its task is taken when its job is on disk, not before", async () => {
  const jobs = await open();
  const seen: unknown[] = [];
  let isGiven = false;
  const source: TaskSource = {
    name: "one",
    next: async () => {
      if (isGiven) return null;
      isGiven = true;
      seen.push(jobs.store.getJob("one-1")?.status);
      return { jobId: "one-1", description: "x", onTaken: () => void seen.push(jobs.store.getJob("one-1")?.status) };
    },
  };
  await dispatch(jobs, [source]);
  expect(seen).toEqual([undefined, "running"]);
});

test("a task that comes again is not done again, only answered", async () => {
  let acts = 0;
  const jobs = await open(() => {
    acts += 1;
  });
  const source = () => createInMemoryTaskSource([{ id: "a", description: "Do it" }]);
  await dispatch(jobs, [source()]);
  const { noted } = await dispatch(jobs, [source()]);
  expect(acts).toBe(1);
  expect(noted.of("task.known")).toMatchObject([{ jobId: "memory-a", status: "done" }]);
  expect(noted.of("task.finished")).toMatchObject([{ jobId: "memory-a", status: "done" }]);
});

test("a job that fails ends neither the dispatcher nor another job, and neither does a task that is refused", async () => {
  const jobs = await open((jobId) => {
    if (jobId === "memory-bad") throw new OrchError("it broke", { code: "broken" });
  });
  const create = async (task: Parameters<PlainJobs["create"]>[0]) => {
    if (task.description === "Refuse me") throw new OrchError("not like this", { code: "no-way", hint: "do else" });
    return jobs.create(task);
  };
  const tasks = [
    { id: "bad", description: "Break" },
    { id: "no", description: "Refuse me" },
    { id: "good", description: "Work" },
  ];
  const { summary, noted } = await dispatch({ ...jobs, create }, [createInMemoryTaskSource(tasks)]);
  expect(summary).toEqual({ done: 1, failed: 1, refused: 1, isStopped: false });
  expect(noted.of("task.refused")).toMatchObject([
    { error: { message: "not like this", code: "no-way", hint: "do else" } },
  ]);
});

test("a reporter that throws breaks nothing, and the others are told", async () => {
  const broken: TaskReporter = {
    name: "broken",
    report: () => {
      throw new Error("no paper");
    },
  };
  const noted = new Noted();
  const { summary } = await dispatch(await open(), [createInMemoryTaskSource(["x"])], { reporters: [broken, noted] });
  expect(summary.done).toBe(1);
  expect(noted.of("reporter.trouble")[0]).toMatchObject({ reporter: "broken", error: { message: "no paper" } });
});

test("the first source's tasks come first; one that takes ahead has its jobs made meanwhile", async () => {
  const order: string[] = [];
  const talk = chat("chat");
  const jobs = await open(async (jobId) => {
    order.push(jobId);
    if (order.length === 1) {
      talk.say("x", "From the chat");
      talk.end();
      await expect.poll(() => jobs.store.getJob("chat-x")?.status).toBe("running");
    }
  });
  const first = createInMemoryTaskSource(["a", "b"].map((id) => ({ id, description: id })));
  const { summary } = await dispatch(jobs, [first, talk]);
  expect(summary.done).toBe(3);
  expect(order).toEqual(["memory-a", "memory-b", "chat-x"]);
});

test("a job that waits for a person does not take a place away from others, and goes on when it is told to", async () => {
  const acted: string[] = [];
  const jobs = await open((jobId) => void acted.push(jobId), ":memory:", true);
  const talk = chat("chat");
  talk.say("1", "Ask me");
  talk.say("2", "Ask me, too");
  const noted = new Noted();
  const running = dispatch(jobs, [talk], { reporters: [noted] });
  const waiting = () => noted.of("task.waiting").filter((event) => event.for === "word");
  await expect.poll(() => waiting().map(({ jobId }) => jobId), { timeout: 10_000 }).toEqual(["chat-1", "chat-2"]);
  expect(jobs.store.getJob("chat-1")?.lease).toBeNull();
  expect(noted.of("job.interrupted")).toEqual([]);
  for (const id of ["2", "1"]) {
    jobs.engine.signal({ jobId: `chat-${id}`, event: { type: "approve" } });
    talk.say(id, null);
    await expect.poll(() => acted.includes(`chat-${id}`), { timeout: 10_000 }).toBe(true);
  }
  talk.end();
  expect((await running).summary).toMatchObject({ done: 2 });
});

test("told to stop, it stops gently: what ran can be gone on with, by itself only if it is told so", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const stop = new AbortController();
  const held = await open(
    (_jobId, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        setTimeout(() => stop.abort(), 20);
      }),
    path,
  );
  const task = { id: "a", description: "Do it" };
  const first = await dispatch(held, [createInMemoryTaskSource([task])], { signal: stop.signal });
  expect(first.summary).toEqual({ done: 0, failed: 0, refused: 0, isStopped: true });
  const jobs = await open(() => {}, path);
  const nothing = () => createInMemoryTaskSource([]);
  const second = await dispatch(jobs, [nothing()]);
  expect(second.noted.of("dispatcher.left")).toMatchObject([{ jobIds: ["memory-a"] }]);
  expect(jobs.store.getJob("memory-a")?.closed).toBe(false);
  const elsewhere = await dispatch(jobs, [nothing()], { resume: true, repository: "/another/repository" });
  expect(elsewhere.summary.done).toBe(0);
  const third = await dispatch(jobs, [nothing()], { resume: true });
  expect(third.summary.done).toBe(1);
});

test("the environment's tasks are separated by line ends, real or written as two characters", () => {
  expect(parseTasks("Task A\\nTask B\n  Task C \r\n\n")).toEqual(["Task A", "Task B", "Task C"]);
});

test("the same list is the same work until it is over, then new work; another repository's is another", async () => {
  const jobs = await open();
  const source = (tasks: string[], repository = REPOSITORY) =>
    createEnvironmentTaskSource({ tasks, repository, store: jobs.store });
  const signal = new AbortController().signal;
  const first = await source(["A", "B"]).next(signal, () => {});
  expect((await source(["A", "B"]).next(signal, () => {}))?.jobId).toBe(first?.jobId);
  await dispatch(jobs, [source(["A", "B"])]);
  const ids = jobs.store.listJobs({ limit: 10 }).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const next = (await source(["A", "B"]).next(signal, () => {}))?.jobId;
  expect(ids).not.toContain(next);
  expect((await source(["A", "B"], "/else").next(signal, () => {}))?.jobId).not.toBe(first?.jobId);
});

test("fifty tasks, two at a time, by two processes on one database: each is done once, also when one is killed", async () => {
  const folder = temporaryFolder();
  const [path, file] = [join(folder, "orch.db"), join(folder, "acts")];
  writeFileSync(file, "");
  const tasks = Array.from({ length: 50 }, (_, index) => `Task ${index}`).join("\\n");
  const acts = () => readFileSync(file, "utf8").split("\n").filter(Boolean);
  const programs = [1, 2].map(() => startProgram(PROGRAM, path, file, tasks));
  for (const program of programs) await program.nextLine();
  await expect.poll(() => acts().length, { timeout: 30_000 }).toBeGreaterThan(10);
  programs[0]?.kill("SIGKILL");
  expect(await programs[1]?.end).toBe(0);
  const jobs = await open(() => {}, path);
  const done = jobs.store.listJobs({ limit: 100 });
  expect(done.map(({ status }) => status)).toEqual(Array(50).fill("done"));
  // What the killed one was at is done anew, as an unfinished activity is: two at most, everything else once.
  expect(new Set(acts().map((line) => line.split(" ")[0])).size).toBe(50);
  expect(acts().length).toBeLessThanOrEqual(52);
  expect(new Set(acts().map((line) => line.split(" ")[1])).size).toBe(2);
});
