/** A dashboard in the test's own process, on a database with a small job, and requests as a page's browser sends them. */

import { mkdtempSync, rmSync } from "node:fs";
import { request as rawRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSizedStore, type Size, sizedEngine, startSizedJob } from "../../../test/support/sized-job.ts";
import { createRedactor } from "../../core/redact.ts";
import type { Store } from "../../store/store.ts";
import { type Dashboard, startDashboard } from "../dashboard.ts";

export interface TestDashboard extends AsyncDisposable {
  readonly dashboard: Dashboard;
  readonly base: string;
  readonly token: string;
  readonly store: Store;
  readonly databasePath: string;
  readonly notes: string[];
  /** With the token, unless headers say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestOptions {
  readonly size?: Size;
  readonly pages?: string;
}

export async function openTestDashboard({ size, pages }: TestOptions = {}): Promise<TestDashboard> {
  const folder = mkdtempSync(join(tmpdir(), "orch-dashboard-"));
  const databasePath = join(folder, "orch.db");
  const store = await openSizedStore(databasePath);
  if (size) {
    const engine = sizedEngine(store, size);
    startSizedJob(engine, "big", size);
    await engine.run("big");
  }
  const notes: string[] = [];
  const dashboard = await startDashboard({
    ...{ port: 0, databasePath, repositories: [folder], environment: {}, directory: folder },
    redact: createRedactor([]),
    keepSecret: () => {},
    note: (line) => notes.push(line),
    ...(pages !== undefined && { pages }),
  });
  const token = new URL(dashboard.link).searchParams.get("token") ?? "";
  const base = `http://127.0.0.1:${dashboard.port}`;
  return {
    ...{ dashboard, base, token, store, databasePath, notes },
    fetch: (path, init = {}) => {
      const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) };
      return fetch(base + path, { ...init, headers });
    },
    [Symbol.asyncDispose]: async () => {
      await dashboard.close();
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request whose path and headers go out as they are: `fetch` would tidy them. */
export function raw(base: string, path: string, headers: Record<string, string>, method = "GET"): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = rawRequest({ hostname, port, path, headers, method }, (response) => {
      let body = "";
      if (response.headers["content-type"]?.startsWith("text/event-stream")) {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        return;
      }
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** How an upgrade ended: its status; 101 for an open one. */
export function upgrade(base: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = rawRequest({
      hostname,
      port,
      path,
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      },
    });
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    request.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end();
  });
}
