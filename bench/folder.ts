/** A folder of a benchmark's own, on the disk of the checkout (not in memory: fsync is to cost what it costs). */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

export class BenchFolder implements Disposable {
  readonly path: string;
  #files = 0;

  constructor(name: string) {
    mkdirSync(join(ROOT, ".tmp"), { recursive: true });
    this.path = mkdtempSync(join(ROOT, ".tmp", `${name}-`));
  }

  /** The path of a database that is not there yet. */
  newDatabase(): string {
    this.#files += 1;
    return join(this.path, `${this.#files}.db`);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
