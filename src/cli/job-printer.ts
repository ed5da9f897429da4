/** Who tells a person or a program what a job does while it runs. */

import type { JobEvent } from "../core/protocol.ts";
import { JsonPrinter } from "./json-printer.ts";
import type { KnownSubtask } from "./live/live-model.ts";
import { LiveModel } from "./live/live-model.ts";
import { PlainPrinter } from "./plain-printer.ts";
import type { Session } from "./session.ts";

export interface JobPrinter {
  event(event: JobEvent): void;
  /** Words of the command itself, for a person. */
  note(lines: readonly string[]): void;
  /** The run is being stopped. */
  stopping(): void;
  /** Leaves the terminal as it was, with what was said. */
  close(): void;
}

/** `--json`: lines for programs. A terminal: the live view. Anything else: plain lines. */
export async function createJobPrinter(
  session: Session,
  jobId: string,
  known: readonly KnownSubtask[],
): Promise<JobPrinter> {
  if (session.json) return new JsonPrinter(session);
  const model = new LiveModel(jobId, known, Date.now());
  const { stdout, environment } = session;
  if (!stdout.isTerminal || environment.TERM === "dumb") return new PlainPrinter(session, model);
  const { LivePrinter } = await import("./live/live-printer.ts");
  return new LivePrinter(session, model);
}
