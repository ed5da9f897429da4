/** Where the lines of a file begin, kept up to date as it grows: any range of a long log is read at once. */

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

const { O_NOFOLLOW, O_RDONLY } = constants;
const CHUNK = 256 * 1024;
const NEWLINE = 10;
/** Only every so often a place is noted. */
const STRIDE = 64;
const LONGEST_LINE = 64 * 1024;

export class LineIndex {
  readonly #path: string;
  /** Offset of each line whose number is a multiple of STRIDE. */
  #offsets: number[] = [0];
  #lines = 0;
  #scanned = 0;
  /** Where the line begins that was not ended yet. */
  #lineStart = 0;
  #file: number | undefined;
  #work: Promise<unknown> = Promise.resolve();

  /** @param path never what a client named */
  constructor(path: string) {
    this.#path = path;
  }

  /** Calls back with each of `count` lines from number `from` on; a negative `from` counts from the end. */
  read(from: number, count: number, onLine: (n: number, text: string) => boolean): Promise<{ readonly total: number }> {
    const work = this.#work.then(() => this.#withFile((file) => this.#read(file, from, count, onLine)));
    this.#work = work.catch(() => {});
    return work;
  }

  async #withFile(use: (file: FileHandle | null) => Promise<number>): Promise<{ readonly total: number }> {
    const file = await open(this.#path, O_RDONLY | O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ELOOP" || error.code === "ENOTDIR") return null;
      throw error;
    });
    try {
      return { total: await use(file) };
    } finally {
      await file?.close();
    }
  }

  async #read(
    file: FileHandle | null,
    from: number,
    count: number,
    onLine: (n: number, text: string) => boolean,
  ): Promise<number> {
    if (!file) return 0;
    const { size, ino } = await file.stat();
    if (ino !== this.#file || size < this.#scanned) this.#reset(ino);
    await this.#scan(file, size);
    // The last line may have no end yet.
    const total = this.#lines + (this.#lineStart < size ? 1 : 0);
    const first = from < 0 ? Math.max(0, total + from) : from;
    if (first < total && count > 0) await this.#lineRange(file, size, first, count, onLine);
    return total;
  }

  async #lineRange(
    file: FileHandle,
    size: number,
    first: number,
    count: number,
    onLine: (n: number, text: string) => boolean,
  ): Promise<void> {
    let n = Math.floor(first / STRIDE) * STRIDE;
    let offset = this.#offsets[n / STRIDE] ?? 0;
    let rest: Buffer = Buffer.alloc(0);
    while (offset < size) {
      const { bytesRead, buffer } = await file.read(
        Buffer.allocUnsafe(CHUNK),
        0,
        Math.min(CHUNK, size - offset),
        offset,
      );
      if (bytesRead === 0) break;
      offset += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        const line = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(start, end)]) : chunk.subarray(start, end);
        rest = Buffer.alloc(0);
        start = end + 1;
        if (n >= first && (n - first >= count || !onLine(n, line.subarray(0, LONGEST_LINE).toString("utf8")))) return;
        n += 1;
      }
      if (rest.length < LONGEST_LINE) rest = Buffer.concat([rest, chunk.subarray(start)]);
    }
    if (rest.length > 0 && n >= first && n - first < count) onLine(n, rest.subarray(0, LONGEST_LINE).toString("utf8"));
  }

  async #scan(file: FileHandle, size: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(CHUNK);
    while (this.#scanned < size) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, size - this.#scanned), this.#scanned);
      if (bytesRead === 0) return;
      for (let at = buffer.indexOf(NEWLINE); at !== -1 && at < bytesRead; at = buffer.indexOf(NEWLINE, at + 1)) {
        this.#lines += 1;
        this.#lineStart = this.#scanned + at + 1;
        if (this.#lines % STRIDE === 0) this.#offsets.push(this.#lineStart);
      }
      this.#scanned += bytesRead;
    }
  }

  #reset(file: number): void {
    this.#file = file;
    this.#offsets = [0];
    this.#lines = 0;
    this.#scanned = 0;
    this.#lineStart = 0;
  }
}
