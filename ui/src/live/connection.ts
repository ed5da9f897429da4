/** The one WebSocket of the page: connects again by itself, and says what it was asked to watch each time anew. */

import { type ClientMessage, type ServerMessage, serverMessageSchema } from "../../../src/core/protocol/stream.ts";
import { backoff } from "./backoff.ts";

/**
 * `connecting`: the first time. `lost`: it was there, and is being tried again. `refused`: the cookie is missing.
 * `outdated`: the server says what this page does not know.
 */
export type ConnectionState = "connecting" | "live" | "lost" | "refused" | "outdated";

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** When something last came; null before the first. Of this machine's clock, as `retryAt`. */
  readonly lastAt: number | null;
  /** When the next attempt is made; null if none is waited for. */
  readonly retryAt: number | null;
}

interface Watched {
  readonly job: string;
  /** The last entry that is held. */
  readonly since: () => number;
}

export interface ConnectionListener {
  readonly message: (message: ServerMessage) => void;
  readonly status: (status: ConnectionStatus) => void;
}

/** A ping goes out when nothing was said for this long, and the connection is given up when nothing answers it. */
const QUIET_MS = 10_000;
const ANSWER_MS = 8_000;

export class Connection {
  readonly #listener: ConnectionListener;
  #socket: WebSocket | null = null;
  #status: ConnectionStatus = { state: "connecting", lastAt: null, retryAt: null };
  #failures = 0;
  #watched: Watched | null = null;
  #watchesJobs = false;
  #log: string | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #quietTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: ConnectionListener) {
    this.#listener = listener;
  }

  open(): void {
    if (this.#socket !== null) return;
    clearTimeout(this.#retryTimer);
    this.#set({ retryAt: null });
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    let isOpen = false;
    socket.addEventListener("open", () => {
      isOpen = true;
      this.#say();
    });
    socket.addEventListener("message", ({ data }) => this.#receive(socket, String(data)));
    socket.addEventListener("close", () => this.#closed(socket, isOpen));
    this.#listenForSilence(socket);
  }

  /** Tries again at once instead of waiting for the next attempt. */
  retryNow(): void {
    this.#failures = 0;
    if (this.#socket === null) this.open();
  }

  close(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#quietTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** Something is missing between what is held and what came: asks for it again, from the last that is held. */
  watchAgain(): void {
    if (this.#watched) this.#send({ type: "watch", job: this.#watched.job, since: this.#watched.since() });
  }

  /** @returns ends it, unless another job is watched by then */
  watchJob(watched: Watched): () => void {
    this.#watched = watched;
    this.watchAgain();
    return () => {
      if (this.#watched !== watched) return;
      this.#watched = null;
      this.#send({ type: "unwatch" });
    };
  }

  watchJobs(isWanted: boolean): void {
    this.#watchesJobs = isWanted;
    this.#send({ type: isWanted ? "watch-jobs" : "unwatch-jobs" });
  }

  /** `log-grown` comes for this log of the watched job; null: for none. */
  watchLog(log: string | null): void {
    this.#log = log;
    this.#send({ type: "watch-log", log });
  }

  /** `jobs=1` even if nobody wants them: without anything the server would send the active job. */
  #address(): string {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const query = new URLSearchParams(
      this.#watched ? { job: this.#watched.job, since: String(this.#watched.since()) } : { jobs: "1" },
    );
    return `${scheme}//${location.host}/ws?${query}`;
  }

  /** What the address could not say. */
  #say(): void {
    if (this.#watched && this.#watchesJobs) this.#send({ type: "watch-jobs" });
    if (!this.#watched && !this.#watchesJobs) this.#send({ type: "unwatch-jobs" });
    if (this.#log !== null) this.#send({ type: "watch-log", log: this.#log });
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #receive(socket: WebSocket, data: string): void {
    if (socket !== this.#socket) return;
    const parsed = serverMessageSchema.safeParse(JSON.parse(data));
    if (!parsed.success) {
      // Left out it would be lost silently, and with it the order.
      this.close();
      this.#set({ state: "outdated", retryAt: null });
      return;
    }
    this.#failures = 0;
    this.#set({ state: "live", lastAt: Date.now(), retryAt: null });
    this.#listenForSilence(socket);
    this.#listener.message(parsed.data);
  }

  #listenForSilence(socket: WebSocket): void {
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => {
      this.#send({ type: "ping" });
      this.#quietTimer = setTimeout(() => this.#closed(socket, true), ANSWER_MS);
    }, QUIET_MS);
  }

  #closed(socket: WebSocket, wasOpen: boolean): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#quietTimer);
    this.#socket = null;
    socket.close();
    const wait = backoff(this.#failures++, Math.random());
    this.#set({ state: this.#status.lastAt === null ? "connecting" : "lost", retryAt: Date.now() + wait });
    this.#retryTimer = setTimeout(() => void this.#tryAgain(wasOpen), wait);
  }

  /** A refusal of the upgrade cannot be told from a server that is gone, other than by asking. */
  async #tryAgain(wasOpen: boolean): Promise<void> {
    const status = wasOpen
      ? 0
      : await fetch("/api/session").then(
          ({ status }) => status,
          () => 0,
        );
    if (status === 401) this.#set({ state: "refused", retryAt: null });
    else this.open();
  }

  #set(change: Partial<ConnectionStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#listener.status(this.#status);
  }
}
