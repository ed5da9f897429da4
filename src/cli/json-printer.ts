/** `--json`: each event is one line on stdout; words for a person go to stderr. */

import type { JobEvent } from "../core/protocol.ts";
import type { JobPrinter } from "./job-printer.ts";
import type { Session } from "./session.ts";

export class JsonPrinter implements JobPrinter {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  event(event: JobEvent): void {
    this.#session.stdout.json(event);
  }

  note(lines: readonly string[]): void {
    this.#session.stderr.lines(lines);
  }

  stopping(): void {}

  close(): void {}
}
