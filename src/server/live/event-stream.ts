/** The stream as `text/event-stream`, for those who use curl. */

import type { ServerMessage } from "../../core/protocol/stream.ts";
import type { Hub } from "./hub.ts";
import { beginWatching, type StreamQuery } from "./stream-query.ts";
import { Watcher } from "./watcher.ts";

/** Messages that may wait for the reader. */
const MOST_WAITING = 8;
const KEEP_ALIVE_MS = 15_000;

export function eventStream(hub: Hub, query: StreamQuery, version: string): Response {
  const encoder = new TextEncoder();
  let watcher: Watcher | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(keepAlive);
    if (watcher) hub.remove(watcher);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        watcher = new Watcher({
          canTake: () => (controller.desiredSize ?? 0) > 0,
          send: (message) => controller.enqueue(encoder.encode(toEvent(message))),
        });
        watcher.say({ type: "hello", version, now: Date.now() });
        beginWatching(watcher, query);
        hub.add(watcher);
        keepAlive = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(":\n\n"));
        }, KEEP_ALIVE_MS);
        keepAlive.unref();
      },
      pull() {
        hub.poke();
      },
      cancel: end,
    },
    { highWaterMark: MOST_WAITING },
  );
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

/** `id` is what a client that comes back says as `Last-Event-ID`. */
function toEvent(message: ServerMessage): string {
  const id = message.type === "update" ? `id: ${message.seq}\n` : "";
  return `${id}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`;
}
