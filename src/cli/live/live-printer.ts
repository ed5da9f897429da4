/** Output on a terminal: what is finished scrolls by above, what goes on is drawn anew below. */

import { createLogUpdate } from "log-update";
import type { JobEvent } from "../../core/protocol.ts";
import { eventLines } from "../format/event-lines.ts";
import { choosePaint, type Paint } from "../format/paint.ts";
import type { JobPrinter } from "../job-printer.ts";
import type { Session } from "../session.ts";
import type { LiveModel } from "./live-model.ts";
import { renderLive } from "./render-live.ts";

const FRAME_MS = 120;

export class LivePrinter implements JobPrinter {
  readonly #session: Session;
  readonly #model: LiveModel;
  readonly #paint: Paint;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  #isOpen = true;

  constructor(session: Session, model: LiveModel) {
    this.#session = session;
    this.#model = model;
    this.#paint = choosePaint(session.stdout.stream, session.environment);
    this.#draw = createLogUpdate(session.stdout.stream);
    this.#timer = setInterval(() => this.#redraw(), FRAME_MS).unref();
    session.stdout.onGone(() => this.close());
    session.stderr.writeAbove({ hide: () => this.#draw.clear(), show: () => this.#redraw() });
  }

  event(event: JobEvent): void {
    const now = Date.now();
    const began = event.type === "subtask.finished" ? this.#model.startOf(event.id) : undefined;
    const lines = eventLines(event, { tookMs: began === undefined ? undefined : now - began, now }, this.#paint);
    this.#model.take(event, now);
    this.note(lines);
  }

  note(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#isOpen) this.#draw.clear();
    this.#session.stdout.lines(lines);
    if (this.#isOpen) this.#redraw();
  }

  stopping(): void {
    this.#model.stop();
    if (this.#isOpen) this.#redraw();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#timer);
    this.#session.stderr.writeAbove(null);
    this.#draw.clear();
    // Shows the cursor again.
    this.#draw.done();
  }

  #redraw(): void {
    const { columns = 80, rows = 24 } = this.#session.stdout.stream;
    const frame = renderLive(this.#model, { now: Date.now(), columns, rows, paint: this.#paint });
    this.#draw(this.#session.redact(frame));
  }
}
