/** Who is told what a dispatcher does. */

import type { DispatchEvent } from "./dispatch-event.ts";

export interface TaskReporter {
  readonly name: string;
  /** Called in order. Nothing waits for it, and what it throws breaks nothing. */
  report(event: DispatchEvent): void | Promise<void>;
  /** Called last: what is still on its way is sent. */
  close?(): Promise<void>;
}
