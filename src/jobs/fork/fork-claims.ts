/**
 * A note beside the database for each fork that is being made, from before its first worktree until its job is in the
 * database: so that what a fork leaves that was killed in the middle is known to be nobody's, and is cleared away.
 */

import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../../core/coding.ts";
import { UsageError } from "../../core/errors.ts";
import { isGone, thisOwner } from "../../services/owner.ts";
import type { Owner } from "../../store/store.ts";

export interface Claim {
  readonly jobId: string;
  readonly repository: Repository;
  readonly owner: Owner;
}

export class ForkClaims {
  readonly #folder: string;

  constructor(databasePath: string) {
    this.#folder = `${databasePath}.forks`;
  }

  /** @throws UsageError `job-exists` if another process makes a job of that id at this moment */
  async add(jobId: string, repository: Repository): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const claim: Claim = { jobId, repository, owner: await thisOwner() };
    // A link appears whole, and only where there is none.
    const whole = join(this.#folder, `${randomBytes(6).toString("hex")}.tmp`);
    await writeFile(whole, JSON.stringify(claim), { flag: "wx", mode: 0o600 });
    try {
      await link(whole, this.#path(jobId));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new UsageError(`a job ${jobId} is being made by another process`, {
        code: "job-exists",
        hint: "wait until it is there, or choose another id",
      });
    } finally {
      await rm(whole, { force: true });
    }
  }

  async remove(jobId: string): Promise<void> {
    await rm(this.#path(jobId), { force: true });
  }

  /** Those of processes that are no more. */
  async abandoned(): Promise<readonly Claim[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const claims = await Promise.all(
      names.filter((name) => name.endsWith(".json")).map((name) => readFile(join(this.#folder, name), "utf8")),
    );
    return claims.map((text) => JSON.parse(text) as Claim).filter(({ owner }) => isGone(owner));
  }

  #path(jobId: string): string {
    return join(this.#folder, `${jobId}.json`);
  }
}
