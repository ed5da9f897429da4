/** A proxy between the browser and the dashboard, through which the WebSocket can be cut off as a bad network does it. */

import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface Tunnel {
  /** Settles when so many bytes came from the server, or it is closed. */
  bytes(count: number): Promise<void>;
  /** At once, in the middle of whatever is on its way. */
  cut(): void;
}

export class CuttingProxy implements AsyncDisposable {
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Duplex>();
  #open: Tunnel | null = null;
  #waiting: ((tunnel: Tunnel) => void)[] = [];

  static async start(): Promise<CuttingProxy> {
    const server = createServer(forward);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new CuttingProxy(server);
  }

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // A browser opens WebSockets, and only these, by CONNECT.
    server.on("connect", (asked: IncomingMessage, socket: Duplex) => this.#tunnel(asked, socket));
  }

  /** The one that is open, or the next. */
  tunnel(): Promise<Tunnel> {
    if (this.#open) return Promise.resolve(this.#open);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tunnel({ url = "" }: IncomingMessage, page: Duplex): void {
    const port = Number(new URL(`http://${url}`).port);
    const server = connect(port, "127.0.0.1", () => page.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    const tunnel = new OpenTunnel(page, server);
    for (const end of [page, server]) {
      this.#sockets.add(end);
      end.on("error", () => tunnel.cut());
      end.on("close", () => {
        this.#sockets.delete(end);
        tunnel.cut();
        if (this.#open === tunnel) this.#open = null;
      });
    }
    server.once("data", () => {
      this.#open = tunnel;
      for (const tell of this.#waiting.splice(0)) tell(tunnel);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

class OpenTunnel implements Tunnel {
  readonly #page: Duplex;
  readonly #server: Socket;

  constructor(page: Duplex, server: Socket) {
    this.#page = page;
    this.#server = server;
    page.pipe(server);
    server.pipe(page);
  }

  bytes(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#server.bytesRead < count && !this.#server.destroyed) return;
        this.#server.off("data", look);
        resolve();
      };
      this.#server.on("data", look);
      this.#server.once("close", look);
      look();
    });
  }

  cut(): void {
    this.#page.destroy();
    this.#server.destroy();
  }
}

/** A plain request: its address is a whole URL, as proxies get it. */
function forward(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers } = asked;
  const onward = request(asked.url ?? "", { ...(method !== undefined && { method }), headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  asked.pipe(onward);
}
