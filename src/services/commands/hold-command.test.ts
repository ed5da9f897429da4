/** What setup and verify commands may reach: they run what agents wrote. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandbox } from "../sandbox/sandbox.testkit.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { runCommands } from "./run-commands.ts";

let folder: string;
let path: string;
let bare: string;
let server: Server;
let asked = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orch-held-"));
  path = join(folder, "worktrees", "result");
  bare = join(folder, "beside.git");
  mkdirSync(path, { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", bare]);
  execFileSync("git", ["init", "--quiet", path]);
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "x", "--allow-empty"], {
    cwd: path,
  });
  server = createServer((_request, response) => {
    asked += 1;
    response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const run = async (kind: "worktree" | "network" | "everything", command: string) => {
  const setting = "verifyAccess";
  const access = kind === "everything" ? kind : { kind, sandbox, setting };
  const input = { worktree: { name: "result", path, branch: "result-job-1" }, commands: [command], limitMs: 60_000 };
  return (await runCommands(input, fakeContext(), { maxProcesses: 512, access })).failure;
};
const ask = () =>
  `node -e 'fetch("http://127.0.0.1:${(server.address() as AddressInfo).port}").then(r => r.text()).then(t => { if (t !== "hello") process.exit(3); })'`;

test("a verify command writes in the worktree and in a temporary folder of its own, which is removed", async () => {
  expect(await run("worktree", 'echo built > out.txt && echo x > "$TMPDIR/x" && cat "$TMPDIR/x"')).toBeNull();
  expect(readFileSync(join(path, "out.txt"), "utf8")).toBe("built\n");
  expect(readdirSync(join(folder, "scratch"))).toEqual([]);
});

test.each(["worktree", "network"] as const)(
  "with access to the %s it writes nowhere else, and pushes nowhere",
  async (kind) => {
    const outside = join(folder, "outside.txt");
    const failure = await run(kind, `echo x > '${outside}'`);
    expect(failure?.exitCode).not.toBe(0);
    expect(failure?.outputTail).toContain('set "verifyAccess" in orch.config.json');
    expect(existsSync(outside)).toBe(false);
    expect((await run(kind, `git push '${bare}' HEAD:refs/heads/x`))?.exitCode).not.toBe(0);
    expect(execFileSync("git", ["for-each-ref"], { cwd: bare, encoding: "utf8" })).toBe("");
  },
);

test("the network is there only where the setting gives it", async () => {
  expect((await run("worktree", ask()))?.exitCode).not.toBe(0);
  expect(asked).toBe(0);
  expect(await run("network", ask())).toBeNull();
  expect(asked).toBe(1);
});

test("what a test runner's own processes print is kept", async () => {
  writeFileSync(
    join(path, "a.test.mjs"),
    'import { test } from "node:test"; import assert from "node:assert/strict"; test("adds up", () => assert.equal(1 + 1, 3));',
  );
  const failure = await run("worktree", "node --test a.test.mjs");
  expect(failure?.exitCode).toBe(1);
  expect(failure?.outputTail).toContain("adds up");
  expect(failure?.outputTail).toContain("2 !== 3");
});

test("no key of ours is in its environment, whatever it may reach", async () => {
  process.env.OPENAI_API_KEY = "sk-not-for-commands";
  try {
    for (const kind of ["worktree", "network", "everything"] as const) {
      const failure = await run(kind, "env; exit 1");
      expect(failure?.outputTail).toContain("PATH=");
      expect(failure?.outputTail).not.toMatch(/sk-not-for|CODEX_HOME/);
    }
  } finally {
    delete process.env.OPENAI_API_KEY;
  }
});
