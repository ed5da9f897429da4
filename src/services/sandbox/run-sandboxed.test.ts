/** The operating system's sandbox, tried with real code that means to get out. */

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../process.testkit.ts";
import { commandsMark } from "../process-marks.ts";
import { findMarked } from "../process-tree.ts";
import { runSandboxed, type SandboxedRun } from "./run-sandboxed.ts";
import { environment, sandbox } from "./sandbox.testkit.ts";

let base: string;
let tree: string;
let temporary: string;
let outside: string;
let servers: Server[];
const reached: string[] = [];

beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "orch-sandbox-")));
  const repository = join(base, "repository");
  [tree, temporary, outside] = [join(base, "tree"), join(base, "temporary"), join(base, "outside")];
  for (const folder of [repository, temporary, outside]) mkdirSync(folder);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@localhost", ...args], { cwd: repository });
  git("init", "-q", "-b", "trunk");
  git("commit", "-q", "--allow-empty", "-m", "first");
  git("worktree", "add", "-q", "-b", "topic", tree);
  symlinkSync(outside, join(tree, "link"));
  // What a repository can hold to loosen the sandbox of whoever works in it.
  mkdirSync(join(tree, ".codex"));
  const loose = `sandbox_mode = "danger-full-access"\ndefault_permissions = "wide"\n[sandbox_workspace_write]\nnetwork_access = true\nwritable_roots = ["/"]\n[permissions.wide.filesystem]\n":root" = "write"\n`;
  writeFileSync(join(tree, ".codex", "config.toml"), loose);
  servers = await Promise.all([listen(0), listen(join(outside, "socket"))]);
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(base, { recursive: true, force: true });
});

function listen(where: number | string): Promise<Server> {
  const server = createServer((socket) => {
    reached.push(String(where));
    socket.end("hello");
  });
  return new Promise((resolve) => server.listen(where as number, "127.0.0.1", () => resolve(server)));
}

const mark = () => commandsMark(join(base, ".codex/jobs/job-1/worktrees/tree"), "job-1:1:0");
const left = () => findMarked(mark());

function runCode(code: string, more: Partial<SandboxedRun> = {}, held: Parameters<typeof runSandboxed>[1] = sandbox) {
  const run = {
    program: process.execPath,
    args: ["--input-type=module", "-e", code],
    cwd: tree,
    writable: [tree, temporary],
    env: { PATH: environment.PATH ?? "", TMPDIR: temporary },
    mark: mark(),
    limitMs: 60_000,
    maxProcesses: 256,
    maxOutputBytes: 1024 * 1024,
    ...more,
  };
  return runSandboxed(run, held);
}

/** Writes to each of these, and prints which of them it could. */
const writeTo = (paths: readonly string[]) => `
  import { writeFileSync } from "node:fs";
  for (const path of ${JSON.stringify(paths)}) {
    try { writeFileSync(path, "x"); console.log("wrote " + path); } catch {}
  }`;
const places = () => [
  join(outside, "direct"),
  join(tree, "link", "through-a-link"),
  join(base, "repository", "file"),
  join(base, "repository", ".git", "hooks", "post-commit"),
  join(base, "repository", ".git", "worktrees", "tree", "HEAD"),
  join(tree, ".git"),
  join(tree, ".codex", "config.toml"),
  `/tmp/orch-sandbox-${process.pid}`,
  `/var/tmp/orch-sandbox-${process.pid}`,
  join(homedir(), `orch-sandbox-${process.pid}`),
  join(dirname(sandbox.codexHome), `orch-sandbox-${process.pid}`),
];

test("what Codex says of itself is not taken for the program's words", async () => {
  const codexHome = join(base, "codex-home");
  mkdirSync(codexHome);
  const words = "WARNING: proceeding with care";
  const { stderr, exitCode } = await runCode(`console.error("${words}")`, {}, { ...sandbox, codexHome });
  expect([exitCode, stderr]).toEqual([0, `${words}\n`]);
});

test("code writes in the folders that are its own, and nowhere else", async () => {
  const own = [join(tree, "inside"), join(temporary, "inside")];
  const { stdout } = await runCode(writeTo([...places(), ...own]));
  expect(stdout.trim().split("\n")).toEqual(own.map((path) => `wrote ${path}`));
  for (const path of own) expect(readFileSync(path, "utf8")).toBe("x");
});

test("code that may write nowhere writes nowhere", async () => {
  const result = await runCode(writeTo([join(tree, "no"), join(temporary, "no"), ...places()]), { writable: [] });
  expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  expect(existsSync(join(tree, "no"))).toBe(false);
});

test("without the sandbox the same code writes: the two tests above can fail", async () => {
  const paths = [join(outside, "direct"), join(tree, "link", "through-a-link")];
  const { stdout } = await runCode(writeTo(paths), {}, "dangerously-none");
  expect(stdout.trim().split("\n")).toEqual(paths.map((path) => `wrote ${path}`));
});

test("code reaches no network, and no socket in a file", async () => {
  const { port } = (servers[0] as Server).address() as AddressInfo;
  const code = `
    import { connect } from "node:net";
    for (const where of [${port}, ${JSON.stringify(join(outside, "socket"))}]) {
      await new Promise((resolve) => connect(where).on("data", resolve).on("error", resolve).on("close", resolve));
    }`;
  await runCode(code);
  expect(reached).toEqual([]);
  await runCode(code, {}, "dangerously-none");
  expect(reached).toHaveLength(2);
});

test("code sees the environment that it is given, and that of no other process", async () => {
  const code = `
    import { readdirSync, readFileSync } from "node:fs";
    console.log(Object.keys(process.env).sort().join(" "));
    for (const pid of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
      try { console.log(readFileSync("/proc/" + pid + "/environ", "latin1").replaceAll("\\0", "\\n")); } catch {}
    }`;
  const secret = {
    ...sandbox,
    environment: { ...environment, GITHUB_TOKEN: "4711-secret", OPENAI_API_KEY: "4711-secret" },
  };
  process.env.ORCH_TEST_SECRET = "4711-secret";
  try {
    const { stdout } = await runCode(code, {}, secret);
    expect(
      stdout
        .split("\n")[0]
        ?.split(" ")
        .filter((name) => !/^(_|PWD|OLDPWD|SHLVL)$/.test(name)),
    ).toEqual(["ORCH_COMMANDS", "ORCH_RUN", "PATH", "TMPDIR"]);
    expect(stdout).not.toContain("4711-secret");
  } finally {
    delete process.env.ORCH_TEST_SECRET;
  }
});

test("code that forks without end is ended whole, and what it was is told", async () => {
  // Never more than 3000: also a machine without any guard gets over this test.
  const bomb = `i=0; bomb() { while [ $(ls ${temporary}/count | wc -l) -lt 3000 ]; do : > ${temporary}/count/$$.$RANDOM.$i; i=$((i+1)); bomb & done; sleep 600; }; mkdir ${temporary}/count; bomb`;
  const result = await runCode("", { program: "/bin/bash", args: ["-c", bomb], maxProcesses: 100 });
  expect(result.tooManyProcesses).toBeGreaterThan(100);
  expect(result.timedOut).toBe(false);
  expect(await left()).toEqual([]);
});

test("code that runs beside one with too many processes goes on", async () => {
  const [forks, beside] = await Promise.all([
    runCode("", {
      program: "/bin/bash",
      args: ["-c", "for i in $(seq 90); do sleep 600 & done; wait"],
      maxProcesses: 60,
    }),
    runCode("setTimeout(() => console.log('done'), 4000)", { maxProcesses: 60 }),
  ]);
  expect(forks.tooManyProcesses).toBeGreaterThan(60);
  expect(beside).toMatchObject({ exitCode: 0, stdout: "done\n", tooManyProcesses: undefined });
});

test("code that makes threads without end is ended", async () => {
  const env = { PATH: environment.PATH ?? "", UV_THREADPOOL_SIZE: "600" };
  const code = `import { stat } from "node:fs"; stat(".", () => {}); setInterval(() => {}, 1000);`;
  const result = await runCode(code, { maxProcesses: 20, env });
  expect(result.tooManyProcesses).toBeGreaterThan(20 * 16);
});

test("code that goes on for too long, prints too much, or is not wanted any more is ended with all that it started", async () => {
  const waits = `
    import { spawn } from "node:child_process";
    import { writeFileSync } from "node:fs";
    spawn("setsid", ["env", "-i", "/bin/sleep", "600"], { detached: true, stdio: "ignore" });
    spawn("/bin/sleep", ["600"], { detached: true, stdio: "ignore" });
    writeFileSync("begun", "");
    setInterval(() => {}, 1000);`;
  expect(await runCode(waits, { limitMs: 3_000 })).toMatchObject({ timedOut: true });
  expect(await left()).toEqual([]);

  const prints = await runCode("for (;;) console.log('x'.repeat(1000))", { maxOutputBytes: 10_000 });
  expect(prints).toMatchObject({ truncated: true, stdout: expect.stringMatching(/^x/) });

  rmSync(join(tree, "begun"));
  const controller = new AbortController();
  const running = runCode(waits, { signal: controller.signal });
  await until("it has begun", () => existsSync(join(tree, "begun")));
  expect((await left()).length).toBeGreaterThan(2);
  controller.abort(new Error("not wanted"));
  await expect(running).rejects.toThrow("not wanted");
  expect(await left()).toEqual([]);
});

test("words are handed on as they are: no shell reads them", async () => {
  const words = [
    "$(touch injected)",
    "`touch injected`",
    "; touch injected",
    "a\nb",
    "",
    "--",
    "-c",
    "'\"\\",
    "*",
    "x=1",
  ];
  const code = "console.log(JSON.stringify(process.argv.slice(1)))";
  const { stdout } = await runCode("", { args: ["-e", code, "--", ...words] });
  expect(JSON.parse(stdout)).toEqual(words);
  expect(existsSync(join(tree, "injected"))).toBe(false);
});

test("a sandbox that does not start, or is not there, runs nothing", async () => {
  const broken = join(base, "codex");
  writeFileSync(broken, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", {
    mode: 0o755,
  });
  const result = await runCode(writeTo([join(tree, "fallback")]), {}, { ...sandbox, codexPath: broken });
  expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("namespace") });
  const gone = { ...sandbox, codexPath: join(base, "no-codex") };
  await expect(runCode(writeTo([join(tree, "fallback")]), {}, gone)).rejects.toMatchObject({
    code: "sandbox-unavailable",
  });
  expect(readdirSync(tree)).not.toContain("fallback");
});
