/** A stream that lines are printed on. It outlives its reader: `orch run --json | head -1` does not end the job. */

import type { WriteStream } from "node:tty";
import type { Redact } from "../core/redact.ts";

/** What is drawn on the same terminal, below what scrolls by. */
export interface Drawing {
  hide(): void;
  show(): void;
}

export class Output {
  readonly stream: WriteStream;
  readonly #redact: Redact;
  readonly #goneListeners: (() => void)[] = [];
  #isGone = false;
  #drawing: Drawing | null = null;

  constructor(stream: WriteStream, redact: Redact) {
    this.stream = stream;
    this.#redact = redact;
    // A closed pipe (EPIPE), a terminal that went away (EIO), a full disk: whoever read this is not there any more.
    stream.on("error", () => {
      if (this.#isGone) return;
      this.#isGone = true;
      for (const listener of this.#goneListeners) listener();
    });
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Calls back, once, when nobody reads any more. */
  onGone(listener: () => void): void {
    this.#goneListeners.push(listener);
  }

  /** From now on each line takes that away first, and has it drawn again below; null for nothing any more. */
  writeAbove(drawing: Drawing | null): void {
    this.#drawing = this.isTerminal ? drawing : null;
  }

  line(text = ""): void {
    this.write(`${this.#redact(text)}\n`);
  }

  lines(texts: readonly string[]): void {
    if (texts.length > 0) this.line(texts.join("\n"));
  }

  /** One line of JSON. Secrets are taken out of its texts one by one, so that it stays JSON. */
  json(value: unknown): void {
    const text = JSON.stringify(value, (_key, part) => (typeof part === "string" ? this.#redact(part) : part));
    this.write(`${withoutSteering(text)}\n`);
  }

  /** As it is. */
  write(text: string): void {
    if (this.#isGone) return;
    this.#drawing?.hide();
    this.stream.write(text);
    this.#drawing?.show();
  }

  /** Settles when all that was written is out of this process. */
  flush(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    return new Promise((resolve) => this.stream.write("", () => resolve()));
  }
}

/** JSON leaves some control codes as they are, and the marks that turn the direction of writing: a terminal obeys them. */
function withoutSteering(json: string): string {
  return json.replace(
    /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
