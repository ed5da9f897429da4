/**
 * A dispatcher as a process of its own: takes the tasks of its third argument (one a line) as the environment's, two at a
 * time. Each job writes its id and this process's into the file of the second argument; the database is the first.
 */

import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createEnvironmentTaskSource, parseTasks } from "../environment-source.ts";
import { runTaskDispatcher } from "../run-task-dispatcher.ts";
import { openPlainJobs, REPOSITORY } from "./plain-jobs.ts";

const [path = "", file = "", tasks = ""] = process.argv.slice(2);
using jobs = await openPlainJobs(path, async (jobId) => {
  appendFileSync(file, `${jobId} ${process.pid}\n`);
  await pause(20);
});
console.log("ready");
const { done } = await runTaskDispatcher({
  jobs,
  repository: REPOSITORY,
  sources: [createEnvironmentTaskSource({ tasks: parseTasks(tasks), repository: REPOSITORY, store: jobs.store })],
  concurrency: 2,
});
console.log(done);
