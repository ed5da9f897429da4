/** The real dashboard, as a process of its own beside a workshop, and a client of it that holds what the pages would. */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { z } from "zod";
import { type ServerMessage, serverMessageSchema } from "../../src/core/protocol/stream.ts";
import type { Workshop } from "./workshop.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export interface RunningDashboard extends AsyncDisposable {
  readonly link: string;
  readonly client: DashboardClient;
  readonly stderr: () => string;
  /** Ctrl-C, and what it ended with. */
  stop(): Promise<number | null>;
  /** SIGKILL: settles when it is gone. */
  kill(): Promise<void>;
  /** The same command once more, on the same port. */
  startAgain(): Promise<void>;
}

/** Where it is started: a workshop is such a place. */
export type DashboardPlace = Pick<Workshop, "base" | "repository" | "environment">;

export async function openDashboard(
  place: DashboardPlace,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningDashboard> {
  let stderr = "";
  const start = (port: string) =>
    startDashboard(place, port, environment, (text) => {
      stderr += text;
    });
  let running = await start("0");
  const { link } = running;
  const stop = () => {
    running.child.kill("SIGINT");
    return running.end;
  };
  const client = new DashboardClient(link);
  return {
    link,
    client,
    stderr: () => stderr,
    stop,
    kill: async () => {
      running.child.kill("SIGKILL");
      await running.end;
    },
    startAgain: async () => {
      running = await start(new URL(link).port);
    },
    [Symbol.asyncDispose]: async () => {
      client.close();
      await stop();
    },
  };
}

interface DashboardProcess {
  readonly child: ChildProcess;
  readonly link: string;
  readonly end: Promise<number | null>;
}

async function startDashboard(
  place: DashboardPlace,
  port: string,
  environment: Readonly<Record<string, string>>,
  onStderr: (text: string) => void,
): Promise<DashboardProcess> {
  const child = spawn(
    process.execPath,
    [join(ROOT, "bin", "orch.js"), "dashboard", "--port", port, "--repo", place.repository],
    { cwd: place.base, env: { ...place.environment, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr(text);
  });
  const end = new Promise<number | null>((resolve) => child.on("close", resolve));
  const link = await new Promise<string>((resolve, reject) => {
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const found = /^dashboard: (\S+)\n/m.exec(stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
    void end.then(() => reject(new Error(`the dashboard ended: ${stdout}${stderr}`)));
  });
  return { child, link, end };
}

export class DashboardClient {
  readonly base: string;
  readonly token: string;
  readonly #sockets = new Set<WebSocket>();

  constructor(link: string) {
    const { origin, searchParams } = new URL(link);
    this.base = origin;
    this.token = searchParams.get("token") ?? "";
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, ...(init.headers as Record<string, string> | undefined) };
    return fetch(this.base + path, { ...init, headers });
  }

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const response = await this.fetch(path);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${path}: ${text}`);
    return schema.parse(JSON.parse(text));
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    const headers = { "content-type": "application/json" };
    const response = await this.fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${path}: ${text}`);
    return schema.parse(JSON.parse(text));
  }

  /** Opens the stream; every message is checked. */
  watch(query: string, onMessage: (message: ServerMessage) => void): Promise<WebSocket> {
    const headers = { authorization: `Bearer ${this.token}` };
    // Node's own WebSocket takes headers; the type is the browser's.
    const socket = new WebSocket(`${this.base.replace("http", "ws")}/ws${query}`, { headers } as never);
    this.#sockets.add(socket);
    socket.addEventListener("message", ({ data }) => onMessage(serverMessageSchema.parse(JSON.parse(String(data)))));
    return new Promise((resolve, reject) => {
      socket.addEventListener("open", () => resolve(socket));
      socket.addEventListener("error", () => reject(new Error("the stream could not be opened")));
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** Settles when the condition holds; it is asked again with each call of what this returns. */
export function until(isMet: () => boolean): { readonly met: Promise<void>; readonly look: () => void } {
  const { promise: met, resolve } = Promise.withResolvers<void>();
  return {
    met,
    look: () => {
      if (isMet()) resolve();
    },
  };
}
