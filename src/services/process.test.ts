import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ActivityAborted } from "../core/activity.ts";
import { makeFolder, shell, until } from "./process.testkit.ts";
import { runProcess, startDetached } from "./process.ts";
import { identifyProcess } from "./process-identity.ts";

test("a command's exit code and output come back, whatever the exit code", async () => {
  using folder = makeFolder();

  const result = await runProcess(shell(folder, "echo out; echo err >&2; exit 3"));

  expect(result).toEqual({
    exitCode: 3,
    signal: null,
    stdout: "out\n",
    stderr: "err\n",
    timedOut: false,
    truncated: false,
  });
});

test("a command gets the environment that it is given and nothing else", async () => {
  using folder = makeFolder();

  const { stdout } = await runProcess({ command: "/usr/bin/env", args: [], cwd: folder.path, env: { ONE: "1" } });
  const nothing = await runProcess({ command: "/usr/bin/env", args: [], cwd: folder.path });

  expect(stdout).toBe("ONE=1\n");
  expect(nothing.stdout).toBe("");
});

test("a command's words are never read by a shell", async () => {
  using folder = makeFolder();

  const { stdout } = await runProcess({ ...shell(folder, ""), command: "echo", args: ["$HOME; touch x", "`id`"] });

  expect(stdout).toBe("$HOME; touch x `id`\n");
  expect(existsSync(join(folder.path, "x"))).toBe(false);
});

test("input reaches the command's stdin, which is then closed", async () => {
  using folder = makeFolder();

  expect(await runProcess({ ...shell(folder, "cat"), input: "über" })).toMatchObject({ stdout: "über" });
  expect(await runProcess(shell(folder, "cat"))).toMatchObject({ stdout: "", exitCode: 0 });
});

test("a command over its time limit is ended with everything in its process group, and its output is kept", async () => {
  using folder = makeFolder();

  const result = await runProcess({ ...shell(folder, "sleep 600 & echo $! > pid; echo begun; wait"), timeoutMs: 300 });

  expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: "SIGTERM", stdout: "begun\n" });
  expect(await identifyProcess(folder.pidIn("pid"))).toBeUndefined();
});

test("a command that ignores SIGTERM is killed", async () => {
  using folder = makeFolder();

  const result = await runProcess({
    ...shell(folder, "trap '' TERM; echo begun; while :; do :; done"),
    timeoutMs: 300,
  });

  expect(result).toMatchObject({ timedOut: true, signal: "SIGKILL", stdout: "begun\n" });
});

test("an aborted command is ended with its process group, and the reason is thrown", async () => {
  using folder = makeFolder();
  const controller = new AbortController();
  const running = runProcess({ ...shell(folder, "sleep 600 & echo $! > pid; wait"), signal: controller.signal });
  await until("the command runs", () => existsSync(join(folder.path, "pid")));

  controller.abort(new ActivityAborted("cancelled"));

  await expect(running).rejects.toMatchObject({ name: "ActivityAborted", reason: "cancelled" });
  expect(await identifyProcess(folder.pidIn("pid"))).toBeUndefined();
});

test("a command that is aborted before it starts does not start", async () => {
  using folder = makeFolder();
  const signal = AbortSignal.abort(new ActivityAborted("shutdown"));

  await expect(runProcess({ ...shell(folder, "touch x"), signal })).rejects.toMatchObject({ reason: "shutdown" });

  expect(existsSync(join(folder.path, "x"))).toBe(false);
});

test("what a command leaves running in the background is ended when the command has ended", async () => {
  using folder = makeFolder();

  const result = await runProcess(shell(folder, "sleep 600 & echo $! > pid"));

  expect(result.exitCode).toBe(0);
  await until("it is gone", async () => (await identifyProcess(folder.pidIn("pid"))) === undefined);
});

test("a background process that left the group and holds the output open does not hold up its command's end", async () => {
  using folder = makeFolder();

  const result = await runProcess(shell(folder, "setsid sleep 600 & echo $! > pid; echo done"));

  expect(result).toMatchObject({ exitCode: 0, stdout: "done\n" });
  process.kill(folder.pidIn("pid"), "SIGKILL");
});

test("too much output ends the command, with an error or with its first bytes, or leaves its last ones", async () => {
  using folder = makeFolder();
  const endless = { ...shell(folder, "while :; do echo 0123456789; done"), maxOutputBytes: 64 };
  const long = { ...shell(folder, "seq 1 100000"), maxOutputBytes: 12 };

  await expect(runProcess(endless)).rejects.toMatchObject({ code: "output-too-long" });
  expect(await runProcess({ ...endless, overflow: "stop" })).toMatchObject({
    truncated: true,
    stdout: "0123456789\n".repeat(6).slice(0, 64),
  });
  expect(await runProcess({ ...long, overflow: "keep-tail" })).toMatchObject({
    truncated: true,
    exitCode: 0,
    stdout: "9999\n100000\n",
  });
});

test.each(["stop", "keep-tail"] as const)(
  "a character that the limit cuts in two is left out (%s)",
  async (overflow) => {
    using folder = makeFolder();

    const { stdout } = await runProcess({ ...shell(folder, "printf '€€€€'"), maxOutputBytes: 10, overflow });

    expect(stdout).toBe("€€€");
  },
);

test("a program that isn't there, and a folder that isn't there, are told apart", async () => {
  using folder = makeFolder();
  const missing = { ...shell(folder, ""), command: "no-such-program" };
  const nowhere = { ...shell(folder, ""), cwd: join(folder.path, "nowhere") };
  const files = { stdoutFile: join(folder.path, "out"), stderrFile: join(folder.path, "err") };

  await expect(runProcess(missing)).rejects.toMatchObject({ code: "program-not-found" });
  await expect(runProcess(nowhere)).rejects.toMatchObject({ code: "program-not-started" });
  await expect(startDetached({ ...missing, ...files })).rejects.toMatchObject({ code: "program-not-found" });
});

test("a detached process reads its input from a file, writes to files and leads a session of its own", async () => {
  using folder = makeFolder();
  const script = "cat; echo err >&2; ps -o sid= -p $$ > session; exit 4";
  const [stdoutFile, stderrFile] = [join(folder.path, "out"), join(folder.path, "err")];
  folder.write("in", "prompt");

  const { pid, ended } = await startDetached({
    ...shell(folder, script),
    stdinFile: join(folder.path, "in"),
    stdoutFile,
    stderrFile,
  });

  expect(await ended).toEqual({ exitCode: 4, signal: null });
  expect(readFileSync(stdoutFile, "utf8")).toBe("prompt");
  expect(readFileSync(stderrFile, "utf8")).toBe("err\n");
  expect(folder.pidIn("session")).toBe(pid);
});
