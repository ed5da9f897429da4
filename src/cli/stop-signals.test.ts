import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { StopSignals } from "./stop-signals.ts";

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("the first %s stops gently", (name) => {
  const stopped: boolean[] = [];
  using stops = new StopSignals(
    () => stopped.push(stops.signal.aborted),
    () => stopped.push(true),
  );
  process.emit(name);
  expect(stops.signal.aborted).toBe(true);
  // Said before anything is stopped.
  expect(stopped).toEqual([false]);
});

test("the same Ctrl-C that comes by two ways is one", () => {
  const told: string[] = [];
  using stops = new StopSignals(
    () => told.push("stop"),
    () => told.push("kill"),
  );
  process.emit("SIGINT");
  process.emit("SIGINT");
  process.emit("SIGTERM");
  expect(stops.signal.aborted).toBe(true);
  expect(told).toEqual(["stop"]);
});

test("nothing listens any more when it is over", () => {
  const before = process.listenerCount("SIGINT");
  {
    using _ = new StopSignals(
      () => {},
      () => {},
    );
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
  }
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test("a further signal ends the process at once, with the exit code of an interruption", async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "stop-signals.fixture.ts")]);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const end = new Promise((resolve) => child.on("close", resolve));
  await expect.poll(() => said, { timeout: 20_000 }).toBe("ready\n");
  while (child.exitCode === null) {
    child.kill("SIGINT");
    await wait(50);
  }
  expect(await end).toBe(130);
  expect(said).toBe("ready\nstop\nkill\n");
});
