/** A state folder with a job of any size in it, and a repository, where a dashboard can be started. Beneath: `sized-job.ts`. */

import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { jobPaths } from "../../src/core/job-paths.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Store } from "../../src/store/store.ts";
import { codingJob } from "../../workflows/coding-job.ts";
import type { DashboardPlace } from "./dashboard.ts";
import { openSizedStore, type Size, type SizedEngineOptions, sizedEngine, sizedInput } from "./sized-job.ts";
import { tempRepository } from "./temp-repository.ts";

export class SizedPlace implements DashboardPlace, Disposable {
  readonly base: string;
  readonly repository: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly store: Store;

  static async open(): Promise<SizedPlace> {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "orch-sized-")));
    const database = join(base, "state", "orch", "orchestrator.db");
    mkdirSync(dirname(database), { recursive: true });
    return new SizedPlace(base, await openSizedStore(database));
  }

  private constructor(base: string, store: Store) {
    this.base = base;
    this.store = store;
    this.#repository = tempRepository({ name: "greenhouse" });
    this.repository = this.#repository.root;
    const { PATH = "" } = process.env;
    this.environment = { PATH, HOME: base, XDG_STATE_HOME: join(base, "state") };
  }

  readonly #repository: ReturnType<typeof tempRepository>;

  /** A job that is there and has not begun: run it with the engine. */
  job(jobId: string, size: Size, options: SizedEngineOptions = {}): Engine {
    const engine = sizedEngine(this.store, size, options);
    const { repository, ...input } = sizedInput(jobId, size);
    const labels = { task: input.task, repository: this.repository };
    engine.start({
      workflow: codingJob.name,
      jobId,
      input: { ...input, repository: { ...repository, root: this.repository } },
      labels,
    });
    return engine;
  }

  /** Lines at the end of the job's log. */
  log(jobId: string, lines: readonly string[]): void {
    const { log } = jobPaths(this.repository, jobId);
    mkdirSync(dirname(log), { recursive: true });
    appendFileSync(log, lines.map((line) => `${line}\n`).join(""));
  }

  [Symbol.dispose](): void {
    this.store.close();
    this.#repository[Symbol.dispose]();
    rmSync(this.base, { recursive: true, force: true });
  }
}
