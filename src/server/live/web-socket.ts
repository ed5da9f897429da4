/** The stream as a WebSocket. */

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import nodeAdapter from "crossws/adapters/node";
import type { Gate } from "../gate.ts";
import { withSafeHeaders } from "../headers.ts";
import { errorResponse, HttpError } from "../http-error.ts";
import type { Hub } from "./hub.ts";
import { beginWatching, streamQueryOf } from "./stream-query.ts";
import { LARGEST_MESSAGE, takeMessage } from "./take-message.ts";
import { Watcher } from "./watcher.ts";

/** A client that has not read this much is sent nothing more until it has. */
const MOST_BUFFERED = 256 * 1024;
const MOST_CLIENTS = 100;

export interface SocketOptions {
  readonly gate: Gate;
  readonly hub: Hub;
  readonly version: string;
  readonly report: (text: string) => void;
}

/** Answers upgrades of the server. Returns what closes all connections. */
export function serveWebSocket(server: Server, { gate, hub, version, report }: SocketOptions): () => void {
  const watchers = new Map<string, Watcher>();
  const adapter = nodeAdapter({
    serverOptions: { maxPayload: LARGEST_MESSAGE, perMessageDeflate: false },
    hooks: {
      upgrade(request) {
        try {
          gate.checkHost(request.headers);
          gate.checkOrigin(request.headers);
          gate.checkToken(request.headers);
          const url = new URL(request.url);
          if (url.pathname !== "/ws") throw new HttpError(404, "not-found", "the stream is at /ws");
          if (watchers.size >= MOST_CLIENTS) throw new HttpError(503, "too-many-clients", "too many pages are open");
          streamQueryOf(url);
          return undefined;
        } catch (error) {
          throw withLength(withSafeHeaders(errorResponse(error, report)));
        }
      },
      open(peer) {
        const watcher = new Watcher({
          canTake: () => (peer.websocket.bufferedAmount ?? 0) < MOST_BUFFERED,
          send: (message) => {
            peer.send(JSON.stringify(message), { compress: false });
          },
        });
        watchers.set(peer.id, watcher);
        watcher.say({ type: "hello", version, now: Date.now() });
        beginWatching(watcher, streamQueryOf(new URL(peer.request.url)));
        hub.add(watcher);
      },
      message(peer, message) {
        const watcher = watchers.get(peer.id);
        if (watcher) takeMessage(message.text(), watcher, hub);
      },
      drain() {
        hub.poke();
      },
      close(peer) {
        const watcher = watchers.get(peer.id);
        watchers.delete(peer.id);
        if (watcher) hub.remove(watcher);
      },
      error() {
        // A message that is too long, a broken frame: the connection is closed by itself.
      },
    },
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    void adapter.handleUpgrade(request, socket, head);
  });
  return () => {
    adapter.closeAll(1001, "the dashboard ends", true);
    void adapter.close();
  };
}

/** crossws writes the answer as it is: without its length a client would wait. */
function withLength(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  return new Response(response.body, { status: response.status, headers });
}
