/** Hears who reaches it: on a TCP and a UDP port of loopback, and on a unix socket. Answers nothing that helps. */

import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";

export interface Listener extends AsyncDisposable {
  /** The same number for TCP and UDP. */
  readonly port: number;
  /** All that was heard so far. */
  readonly heard: string;
}

export async function listen(socketPath: string): Promise<Listener> {
  const chunks: string[] = [];
  const open = new Set<Socket>();
  const take = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {}).on("close", () => open.delete(socket));
    socket.on("data", (data) => {
      chunks.push(data.toString("latin1"));
      socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
  };
  const [tcp, unix, udp] = [createServer(take), createServer(take), createSocket("udp4")];
  await new Promise<void>((ready) => tcp.listen(0, "127.0.0.1", ready));
  await new Promise<void>((ready) => unix.listen(socketPath, ready));
  const { port } = tcp.address() as { port: number };
  udp.on("message", (data) => chunks.push(data.toString("latin1")));
  await new Promise<void>((ready, failed) => udp.once("error", failed).bind(port, "127.0.0.1", ready));
  return {
    port,
    get heard() {
      return chunks.join("\n");
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await Promise.all([
        new Promise((closed) => tcp.close(closed)),
        new Promise((closed) => unix.close(closed)),
        new Promise<void>((closed) => udp.close(closed)),
      ]);
    },
  };
}
