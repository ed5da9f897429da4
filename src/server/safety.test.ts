/** Who is let in, and what the server never does: each promise of SECURITY.md about the dashboard. */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { startDashboard } from "./dashboard.ts";
import { openTestDashboard, raw, type TestDashboard, upgrade } from "./testing/dashboard.testkit.ts";

let server: TestDashboard;
let pages: string;
let host: string;

beforeAll(async () => {
  pages = join(mkdtempSync(join(tmpdir(), "orch-pages-")), "ui");
  mkdirSync(join(pages, "assets"), { recursive: true });
  writeFileSync(join(pages, "index.html"), "<!doctype html><title>orch</title>");
  writeFileSync(join(pages, "assets", "index-abc123.js"), "export {};");
  writeFileSync(join(pages, "..", "secret.txt"), "secret");
  symlinkSync(join(pages, "..", "secret.txt"), join(pages, "assets", "linked.txt"));
  server = await openTestDashboard({ size: { subtasks: 2, followUps: 0 }, pages });
  host = new URL(server.base).host;
});

afterAll(async () => {
  rmSync(dirname(pages), { recursive: true });
  await server[Symbol.asyncDispose]();
});

const authorized = () => ({ authorization: `Bearer ${server.token}` });
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  server.fetch(path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

test("another name that leads here (DNS rebinding) is refused, for pages, data and the stream", async () => {
  const port = server.dashboard.port;
  for (const name of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    "127.0.0.1:1",
    `127.0.0.1.evil.example:${port}`,
    `[::1]:${port}`,
  ]) {
    for (const path of ["/", "/api/jobs", "/assets/index-abc123.js"]) {
      const { status } = await raw(server.base, path, { ...authorized(), host: name });
      expect([403, 400], `${name} ${path}`).toContain(status);
    }
    expect([403, 400], name).toContain(await upgrade(server.base, "/ws", { ...authorized(), host: name }));
  }
  expect(
    (await raw(server.base, `http://evil.example/api/jobs`, { ...authorized(), host: "evil.example" })).status,
  ).toBe(403);
  for (const line of ["GET /api/jobs HTTP/1.0\r\n", "GET /api/jobs HTTP/1.1\r\nHost:\r\nConnection: close\r\n"]) {
    expect(await overSocket(port, `${line}Authorization: Bearer ${server.token}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 40[03]/,
    );
  }
  expect((await raw(server.base, "/api/jobs", { ...authorized(), host: `localhost:${port}` })).status).toBe(200);
});

function overSocket(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(text));
    socket.setEncoding("utf8").on("data", (part: string) => {
      answer += part;
    });
    socket.on("end", () => resolve(answer)).on("error", reject);
  });
}

test("a page of another site is refused, with the token too: by Origin and by what the browser says of it", async () => {
  const origins = [
    "http://evil.example",
    "null",
    `https://${host}`,
    "http://127.0.0.1:1",
    `http://localhost:${server.dashboard.port}`,
    `http://${host}.evil.example`,
  ];
  for (const origin of origins) {
    expect((await raw(server.base, "/api/jobs", { ...authorized(), host, origin })).status, origin).toBe(403);
    expect(await upgrade(server.base, "/ws", { ...authorized(), host, origin }), origin).toBe(403);
    const acted = await raw(server.base, "/api/jobs/big/actions", { ...authorized(), host, origin }, "POST");
    expect(acted.status, origin).toBe(403);
  }
  for (const site of ["cross-site", "same-site"]) {
    expect((await raw(server.base, "/api/jobs", { ...authorized(), host, "sec-fetch-site": site })).status).toBe(403);
  }
  expect(await upgrade(server.base, "/ws", { ...authorized(), host, origin: `http://${host}` })).toBe(101);
});

test("without the token nothing of a job is told, and nothing is done", async () => {
  const paths = [
    "/api/session",
    "/api/jobs",
    "/api/jobs/big",
    "/api/jobs/big/history",
    "/api/db",
    "/api/stream",
    "/api/machines",
    "/api/none",
  ];
  for (const headers of [
    {},
    { authorization: "Bearer wrong" },
    { cookie: `orch_${server.dashboard.port}=${server.token}` },
  ]) {
    for (const path of paths) {
      const response = await fetch(server.base + path, { headers });
      expect([response.status, await codeOf(response)], path).toEqual([401, "no-token"]);
    }
    expect(await upgrade(server.base, "/ws", { host, ...headers } as Record<string, string>)).toBe(401);
    const acted = await fetch(`${server.base}/api/jobs`, { method: "POST", headers, body: "{}" });
    expect(acted.status).toBe(401);
  }
  const page = await fetch(server.base);
  expect(page.status).toBe(401);
  expect(await page.text()).toContain("orch dashboard");
});

test("the link lets a browser in by a cookie that no script and no other site can use; a wrong one does not", async () => {
  const wrong = await fetch(`${server.base}/?token=${"a".repeat(43)}`);
  expect([wrong.status, wrong.headers.get("set-cookie")]).toEqual([401, null]);
  const response = await fetch(server.dashboard.link, { redirect: "manual" });
  const cookie = response.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Strict/);
  expect(cookie).not.toContain(server.token);
  const [pair = ""] = cookie.split(";");
  expect((await fetch(`${server.base}/api/jobs`, { headers: { cookie: pair } })).status).toBe(200);
  expect((await fetch(server.base, { headers: { cookie: pair } })).status).toBe(200);
  expect(await upgrade(server.base, "/ws", { host, cookie: pair })).toBe(101);
});

test("the token is kept for its owner only, outlives a restart, and is made anew if others could read it", async () => {
  const file = join(dirname(server.databasePath), "dashboard-token");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8").trim()).toBe(server.token);
  const open = () => openSecond(server.databasePath);
  expect(await open()).toBe(server.token);
  chmodSync(file, 0o644);
  expect(await open()).not.toBe(server.token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

async function openSecond(databasePath: string): Promise<string | null> {
  const second = await startDashboard({
    ...{ port: 0, databasePath, repositories: [], environment: {}, directory: dirname(databasePath) },
    ...{ redact: (text: string) => text, keepSecret: () => {}, note: () => {} },
  });
  await second.close();
  return new URL(second.link).searchParams.get("token");
}

test("every answer forbids what pages could be made to do", async () => {
  for (const path of [
    "/",
    "/api/jobs",
    "/api/none",
    "/assets/index-abc123.js",
    "/api/jobs/%ZZ",
    `/?token=${server.token}`,
  ]) {
    const { headers } = await server.fetch(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
  expect((await server.fetch("/assets/index-abc123.js")).headers.get("cache-control")).toContain("immutable");
  expect((await server.fetch("/")).headers.get("cache-control")).toBe("no-cache");
  expect((await server.fetch("/api/jobs")).headers.get("cache-control")).toBe("no-store");
});

test("bodies and messages have a size, a kind and a shape", async () => {
  const large = await post("/api/jobs", JSON.stringify({ task: "x".repeat(300_000) }));
  expect([large.status, await codeOf(large)]).toEqual([413, "body-too-large"]);
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(65_536))),
  });
  const streamed = await server
    .fetch("/api/jobs", {
      method: "POST",
      body: endless,
      duplex: "half",
      headers: { "content-type": "application/json" },
    } as RequestInit)
    .then(
      ({ status }) => status,
      () => "closed",
    );
  expect([413, "closed"]).toContain(streamed);
  expect((await post("/api/jobs", "{}", { "content-type": "text/plain" })).status).toBe(415);
  for (const body of ["", "{", "[]", "null", '{"task":"x"}', '{"repository":"/etc","task":"x","path":"/etc"}']) {
    expect((await post("/api/jobs", body)).status, body).toBe(400);
  }
  for (const path of ["/api/jobs/big/actions", "/api/jobs/big/fork", "/api/jobs/big/events"]) {
    expect((await post(path, '{"action":"exec"}')).status, path).toBe(400);
  }
  expect((await server.fetch("/api/jobs/big/actions")).status).toBe(405);
  expect((await server.fetch("/api/jobs/big", { method: "DELETE" })).status).toBe(405);
});

test("a message that is too long, or cannot be understood, ends or changes nothing else", async () => {
  const headers = authorized();
  const socket = new WebSocket(`${server.base.replace("http", "ws")}/ws?job=big`, { headers } as never);
  const heard: string[] = [];
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  const answered = new Promise<void>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      heard.push((JSON.parse(String(data)) as { type: string }).type);
      if (heard.filter((type) => type === "error").length === 3) resolve();
    });
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  for (const text of ["{", '{"type":"exec"}', '{"type":"watch","job":"../../etc"}']) socket.send(text);
  await answered;
  socket.send(JSON.stringify({ type: "watch", job: "x".repeat(5000) }));
  expect(await closed).toBe(1009);
  expect((await server.fetch("/api/jobs")).status).toBe(200);
});

test("a path in any parameter leads nowhere", async () => {
  const secret = "root:";
  const tricks = [
    "..",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..\\..\\etc",
    "big%00",
    "big/../../x",
    "-rf",
    "--output=x",
    "%252e%252e%252f",
    "turn-big-1-0-1",
    "commands-..",
    "commands-../../x",
    "é",
    "'; drop table jobs; --",
  ];
  const places = (trick: string) => [
    `/api/jobs/${trick}`,
    `/api/jobs/${trick}/history`,
    `/api/jobs/big/history/${trick}`,
    `/api/jobs/big/at/${trick}`,
    `/api/jobs/big/at/1?actor=${encodeURIComponent(trick)}`,
    `/api/jobs/big/actor?id=${encodeURIComponent(trick)}`,
    `/api/jobs/big/logs/${trick}`,
    `/api/jobs/big/logs/job?from=${encodeURIComponent(trick)}`,
    `/api/jobs/big/artifacts/${trick}`,
    `/api/jobs/big/diff?of=${encodeURIComponent(trick)}`,
    `/api/jobs/big/diff/file?of=result&to=${encodeURIComponent(trick)}&file=0`,
    `/api/jobs/big/diff/file?of=result&to=${"0".repeat(40)}&file=${encodeURIComponent(trick)}`,
    `/api/jobs/big/conflicts/${trick}/file?file=0`,
    `/api/machines/${trick}/1`,
    `/api/machines/coding-job/${trick}`,
    `/api/db?table=${encodeURIComponent(trick)}`,
    `/api/jobs?cursor=${encodeURIComponent(trick)}`,
    `/api/stream?job=${encodeURIComponent(trick)}`,
    `/assets/${trick}`,
    `/${trick}`,
  ];
  for (const trick of tricks) {
    for (const path of places(trick)) {
      if (/[^\x20-\x7e]/.test(path) || path.includes("\\")) continue;
      const { status, body } = await raw(server.base, path.replaceAll(" ", "%20"), { ...authorized(), host });
      expect(status, path).not.toBe(500);
      expect(body, path).not.toContain(secret);
      expect(body, path).not.toMatch(/\bat .*\.ts:\d+/);
    }
  }
  for (const path of [
    "/assets/linked.txt",
    "/assets/..%2findex.html",
    "/assets/../../secret.txt",
    "/..%2fsecret.txt",
  ]) {
    expect((await raw(server.base, path, { ...authorized(), host })).body, path).not.toBe("secret");
  }
  expect(server.notes).toEqual([]);
});

test("what a model or a user wrote leaves the server as JSON that no browser takes for a page", async () => {
  const script = "<script>alert(1)</script>";
  server.store.addSignal({ jobId: "big", id: "x", actorId: "job", event: { type: script }, now: 1 });
  for (const path of [
    "/api/jobs",
    `/api/jobs/${encodeURIComponent(script)}`,
    "/api/jobs?text=<script>",
    `/api/jobs/big/actor?id=${encodeURIComponent(script)}`,
  ]) {
    const response = await server.fetch(path);
    expect(response.headers.get("content-type"), path).toBe("application/json");
  }
});

test("an error that nobody foresaw tells the terminal what happened, and the page only that", async () => {
  await using broken = await openTestDashboard({ size: { subtasks: 1, followUps: 0 } });
  broken.store.close();
  const { default: Sqlite } = await import("better-sqlite3");
  const sqlite = new Sqlite(broken.databasePath);
  sqlite.exec("update jobs set labels_json = 'null'");
  sqlite.close();
  const response = await broken.fetch("/api/jobs/big");
  const body = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(body)).toEqual({
    error: { code: "internal", message: expect.any(String), hint: expect.any(String) },
  });
  expect(broken.notes.join("\n")).toContain("TypeError");
});

test("a port that is taken is an error that says what to do", async () => {
  const options = {
    ...{ port: server.dashboard.port, databasePath: server.databasePath, repositories: [], environment: {} },
    ...{ directory: ".", redact: (text: string) => text, keepSecret: () => {}, note: () => {} },
  };
  await expect(startDashboard(options)).rejects.toMatchObject({
    code: "port-in-use",
    hint: expect.stringContaining("--port"),
  });
});

test("before the pages are built it says how to build them", async () => {
  const nowhere = join(temporaryFolder(), "none");
  await using unbuilt = await openTestDashboard({ pages: nowhere });
  const response = await unbuilt.fetch("/");
  expect(await response.text()).toContain("npm run web:build");
  expect(existsSync(nowhere)).toBe(false);
});
