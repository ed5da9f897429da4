/** Output of a process, of which only the first or the last bytes are kept: what it prints must not fill the memory. */

export class BoundedOutput {
  readonly #limit: number;
  readonly #keep: "head" | "tail";
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #truncated = false;

  /** `limit`: bytes that are kept. */
  constructor(limit: number, keep: "head" | "tail") {
    this.#limit = limit;
    this.#keep = keep;
  }

  /** Whether there was more than the limit. */
  get truncated(): boolean {
    return this.#truncated;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size > this.#limit) {
      this.#truncated = true;
      this.#drop(this.#size - this.#limit);
    }
  }

  /** What was kept, as UTF-8. A character that the cut went through is left out. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    if (!this.#truncated) return bytes.toString("utf8");
    return (this.#keep === "tail" ? withoutCutStart(bytes) : withoutCutEnd(bytes)).toString("utf8");
  }

  #drop(excess: number): void {
    const index = this.#keep === "tail" ? 0 : this.#chunks.length - 1;
    const chunk = this.#chunks[index] as Buffer;
    const dropped = Math.min(chunk.length, excess);
    if (dropped === chunk.length) this.#chunks.splice(index, 1);
    else this.#chunks[index] = this.#keep === "tail" ? chunk.subarray(dropped) : chunk.subarray(0, -dropped);
    this.#size -= dropped;
  }
}

function withoutCutStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 4 && start < bytes.length && isContinuation(bytes[start])) start++;
  return bytes.subarray(start);
}

function withoutCutEnd(bytes: Buffer): Buffer {
  let lead = bytes.length - 1;
  while (lead >= 0 && lead > bytes.length - 4 && isContinuation(bytes[lead])) lead--;
  const first = bytes[lead] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return lead + length > bytes.length ? bytes.subarray(0, lead) : bytes;
}

function isContinuation(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80;
}
