/** Reads the new lines of a file that another process appends to. Holds one line in memory, never the file. */

import { type FileHandle, open } from "node:fs/promises";

/** Longer lines are cut: they are no event that we need. */
const LONGEST_LINE = 1024 * 1024;
const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

export class LineReader {
  readonly #path: string;
  #file: FileHandle | undefined;
  #offset = 0;
  #parts: Buffer[] = [];
  #size = 0;
  #cut = false;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Calls `onLine` for each line that was completed since the last call; a last line without a newline waits.
   * Nothing is no error, nor is a file that isn't there yet.
   */
  async read(onLine: (line: string, cut: boolean) => void): Promise<void> {
    this.#file ??= await open(this.#path, "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (!this.#file) return;
    for (;;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      this.#split(buffer.subarray(0, bytesRead), onLine);
    }
  }

  /** Calls `onLine` for the last line if it has no newline: when nothing comes behind it any more. */
  rest(onLine: (line: string, cut: boolean) => void): void {
    const line = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#size = 0;
    if (line.trim() !== "") onLine(line, this.#cut);
    this.#cut = false;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #split(chunk: Buffer, onLine: (line: string, cut: boolean) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(this.#parts).toString("utf8");
      const cut = this.#cut;
      this.#parts = [];
      this.#size = 0;
      this.#cut = false;
      if (line.trim() !== "") onLine(line, cut);
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    const kept = part.subarray(0, LONGEST_LINE - this.#size);
    if (kept.length < part.length) this.#cut = true;
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#size += kept.length;
  }
}
