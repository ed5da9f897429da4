/** What jobs take on the disk: by step, by job, by year, and how much of it comes back. */

import { statSync } from "node:fs";
import { openSizedStore, type Size, sizedEngine, startSizedJob } from "../test/support/sized-job.ts";
import { BenchFolder } from "./folder.ts";
import type { Row, Table, Unit } from "./table.ts";

const JOBS = 60;
const JOBS_A_DAY = 10;
/** A day's work of an agent's: five parts, each sent back once. */
const SIZE: Size = { subtasks: 5, followUps: 1 };
const MB = 1024 * 1024;

export async function size(): Promise<Table> {
  using folder = new BenchFolder("size");
  const path = folder.newDatabase();
  const store = await openSizedStore(path);
  const engine = sizedEngine(store, SIZE);
  store.compact();
  const empty = statSync(path).size;
  let steps = 0;
  for (let number = 1; number <= JOBS; number += 1) {
    startSizedJob(engine, `job-${number}`, SIZE);
    await engine.run(`job-${number}`);
    steps += (store.getJob(`job-${number}`)?.nextSeq ?? 1) - 1;
  }
  // Without what SQLite keeps free for later: the file as it is when it is rewritten.
  store.compact();
  const full = statSync(path).size - empty;
  const kept = JOBS / 6;
  for (let number = 1; number <= JOBS - kept; number += 1) store.deleteJob(`job-${number}`);
  store.compact();
  const cleaned = statSync(path).size - empty;
  store.close();
  const row = (name: string, value: number, unit: Unit): Row => ({ name, times: [value], unit });
  return {
    about: `${JOBS} jobs of the real workflows with ${SIZE.subtasks} subtasks, each sent back once, with texts of everyday length: ${Math.round(steps / JOBS)} steps a job. The file is measured after it was rewritten (vacuum). A year: ${JOBS_A_DAY} such jobs a day.`,
    rows: [
      row("a step", full / steps, "bytes"),
      row("a job", full / JOBS / 1024, "KB"),
      row("a year", (full / JOBS / MB) * JOBS_A_DAY * 365, "MB"),
      row(`after five of six jobs were forgotten (orch clean --forget)`, cleaned / MB, "MB"),
      row(`before`, full / MB, "MB"),
    ],
    ratios: [{ name: "what is left after that / a sixth", value: cleaned / (full / 6), target: 1.2 }],
  };
}
