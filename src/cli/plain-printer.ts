/** Output into a file or a pipe: a line when something begins or ends, and nothing that moves. */

import type { JobEvent } from "../core/protocol.ts";
import { eventLines, passingLines } from "./format/event-lines.ts";
import { choosePaint, type Paint } from "./format/paint.ts";
import type { JobPrinter } from "./job-printer.ts";
import type { LiveModel } from "./live/live-model.ts";
import type { Session } from "./session.ts";

export class PlainPrinter implements JobPrinter {
  readonly #session: Session;
  readonly #model: LiveModel;
  readonly #paint: Paint;

  constructor(session: Session, model: LiveModel) {
    this.#session = session;
    this.#model = model;
    this.#paint = choosePaint(session.stdout.stream, session.environment);
  }

  event(event: JobEvent): void {
    const now = Date.now();
    const began = event.type === "subtask.finished" ? this.#model.startOf(event.id) : undefined;
    const tookMs = began === undefined ? undefined : now - began;
    this.#session.stdout.lines([
      ...passingLines(event, this.#paint),
      ...eventLines(event, { tookMs, now }, this.#paint),
    ]);
    this.#model.take(event, now);
  }

  note(lines: readonly string[]): void {
    this.#session.stdout.lines(lines);
  }

  stopping(): void {}

  close(): void {}
}
