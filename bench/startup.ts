/** How long it takes until a command has done its work, or a job asks the model for the first time. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openSizedStore, sizedEngine, startSizedJob } from "../test/support/sized-job.ts";
import { BenchFolder } from "./folder.ts";
import { makeRepository } from "./repository.ts";
import { type Row, ratio, type Table } from "./table.ts";

const RUNS = 15;
const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");

type Environment = Readonly<Record<string, string | undefined>>;

export async function startup(): Promise<Table> {
  using folder = new BenchFolder("startup");
  const { repository, environment } = makeRepository(folder.path);
  const database = folder.newDatabase();
  await addJobs(database);
  const withJobs = { ...environment, ORCHESTRATOR_DB_PATH: database };
  const commands: { readonly name: string; readonly time: () => number | Promise<number> }[] = [
    { name: "node -e 0", time: () => time(["-e", "0"], environment) },
    { name: "orch --help", time: () => time([ORCH, "--help"], environment) },
    { name: "orch list, 20 jobs", time: () => time([ORCH, "list"], withJobs) },
    { name: "orch run, to the first model request", time: () => timeToRequest(repository, environment) },
  ];
  const times = commands.map((): number[] => []);
  // One after the other, in turns: what slows the machine down for a while then slows all of them.
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, command] of commands.entries()) times[index]?.push(await command.time());
  }
  const rows = commands.map(({ name }, index): Row => ({ name, times: times[index] ?? [] }));
  const [nothing, help] = rows as [Row, Row];
  return {
    about: "Wall time of a whole process, from its start to its end or, of a job, to when the model is asked first.",
    rows,
    ratios: [ratio("orch --help / node -e 0", help, nothing, 3)],
  };
}

async function addJobs(database: string): Promise<void> {
  const store = await openSizedStore(database);
  const size = { subtasks: 5, followUps: 0 };
  const engine = sizedEngine(store, size);
  for (let number = 1; number <= 20; number += 1) {
    startSizedJob(engine, `job-${number}`, size);
    await engine.run(`job-${number}`);
  }
  store.close();
}

function time(args: readonly string[], env: Environment): number {
  const before = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore", env });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return performance.now() - before;
}

/** The model never answers: orch is ended when it has asked. */
async function timeToRequest(repository: string, environment: Environment): Promise<number> {
  const asked = Promise.withResolvers<number>();
  const server = createServer(() => asked.resolve(performance.now())).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const env = { ...environment, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` };
  const before = performance.now();
  const child = spawn(process.execPath, [ORCH, "run", "Write a file", "--repo", repository], { stdio: "ignore", env });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("orch run ended before it asked the model")));
  try {
    return (await Promise.race([asked.promise, ended])) - before;
  } finally {
    child.kill("SIGKILL");
    await ended.catch(() => {});
    server.closeAllConnections();
    server.close();
  }
}
