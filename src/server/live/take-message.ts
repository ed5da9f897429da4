/** What a client of the stream may say, and what comes of it. */

import { isSafeName, printable } from "../../core/ids.ts";
import { clientMessageSchema } from "../../core/protocol/stream.ts";
import type { Hub } from "./hub.ts";
import type { Watcher } from "./watcher.ts";

export const LARGEST_MESSAGE = 4096;

/** Never throws: what cannot be understood is answered. */
export function takeMessage(text: string, watcher: Watcher, hub: Hub): void {
  const parsed = clientMessageSchema.safeParse(parse(text));
  if (!parsed.success) {
    const message = `that message is not understood: ${printable(parsed.error.issues[0]?.message ?? "", 200)}`;
    watcher.say({ type: "error", error: { code: "bad-message", message } });
    return;
  }
  const said = parsed.data;
  switch (said.type) {
    case "watch":
      if (said.job !== null && !isSafeName(said.job)) {
        watcher.say({ type: "error", error: { code: "bad-job-id", message: "that cannot be a job's id" } });
        return;
      }
      watcher.watch(said.job, said.since);
      break;
    case "unwatch":
      watcher.unwatch();
      break;
    case "watch-jobs":
      watcher.watchJobs(true);
      break;
    case "unwatch-jobs":
      watcher.watchJobs(false);
      break;
    case "watch-log":
      watcher.log = said.log === null ? null : { id: said.log, bytes: -1 };
      break;
    case "ping":
      watcher.say({ type: "pong", now: Date.now() });
      break;
  }
  hub.poke();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
