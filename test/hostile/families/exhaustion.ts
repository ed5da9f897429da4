/** More than there is: processes that never end or multiply, output without an end, files without a bound. */

import { type CodexTrick, codex, type Family, type LimitsTrick, type Sentinel, type VerifyTrick } from "../trick.ts";

const asked = (name: string, command: readonly string[], lands: Sentinel, setup?: string): LimitsTrick => ({
  door: "limits",
  name,
  command,
  lands,
  alone: "always",
  ...(setup !== undefined && { setup }),
});
const agent = (name: string, run: string, lands: Sentinel, more: Partial<Pick<CodexTrick, "alone" | "setup">> = {}) =>
  codex(`an agent: ${name}`, run, lands, more);
const verify = (name: string, command: string): VerifyTrick => ({
  door: "verify",
  name: `the verify command: ${name}`,
  setup: "true",
  verify: command,
  lands: "lives",
});

/** Bounded, so that it does no harm where nothing stops it. It lands when all of it was there at a time. */
const BOMB_ROUNDS = 10;
const BOMB_SIZE = 30;
const BOMB_SHELL = `for r in $(seq ${BOMB_ROUNDS}); do for i in $(seq ${BOMB_SIZE}); do (exec -a s-{id} sleep 15) & done; sleep 0.5; done; wait`;
const BOMB_NODE = `const { spawn } = require("node:child_process"); let n = 0; const t = setInterval(() => { for (let i = 0; i < ${BOMB_SIZE}; i++) spawn("sleep", ["15"], { argv0: "s-{id}" }); if (++n === ${BOMB_ROUNDS}) clearInterval(t); }, 150)`;
const multiplied: Sentinel = (world, id) => world.mostProcesses(id) >= BOMB_ROUNDS * BOMB_SIZE;
const flooded: Sentinel = (world) => world.told.length > 1_000_000;
const DAEMON_NODE = `require("node:child_process").spawn("sleep", ["600"], { argv0: "s-{id}", detached: true, stdio: "ignore" }).unref()`;

export const exhaustion: Family = {
  name: "resource exhaustion",
  tricks: [
    asked("a program that never ends", ["node", "-e", "setInterval(() => {}, 1000) // {id}"], "lives"),
    asked(
      "a program that never ends, and won't be told",
      ["node", "-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000) // {id}"],
      "lives",
    ),
    asked("a program that keeps a processor", ["node", "-e", "for (;;); // {id}"], "lives"),
    asked("a program that leaves another one", ["node", "-e", DAEMON_NODE], "lives"),
    asked(
      "a program that leaves another one, in a pipe",
      [
        "node",
        "-e",
        `require("node:child_process").spawn("sleep", ["600"], { argv0: "s-{id}", detached: true, stdio: "inherit" }).unref()`,
      ],
      "lives",
    ),
    asked("a program that multiplies", ["node", "-e", BOMB_NODE], multiplied),
    asked("output without an end", ["node", "-e", "process.stdout.write('x'.repeat(3e6))"], flooded),
    asked("errors without an end", ["node", "-e", "process.stderr.write('x'.repeat(3e6))"], flooded),
    asked(
      "output of git",
      ["git", "log", "-p", "-1", "big-{id}"],
      flooded,
      "seq 1 500000 > big; git add big; git commit -qm big; git tag big-{id}; git reset -q --hard HEAD~1",
    ),
    asked("a pipe that nobody writes to", ["cat", "{id}"], "lives", "mkfifo {id}"),
    asked(
      "a file larger than a disk",
      [
        "node",
        "-e",
        "require('node:fs').ftruncateSync(require('node:fs').openSync('big', 'w'), 3e9); console.log('{id}', 'made')",
      ],
      (world, id) => world.told.includes(`${id} made`),
    ),

    agent(
      "a process in a session of its own",
      "(setsid bash -c 'exec -a s-{id} sleep 600' > /dev/null 2>&1 &)",
      "lives",
    ),
    agent(
      "a process that hears no signals",
      "(setsid bash -c \"trap '' TERM HUP INT; exec -a s-{id} sleep 600\" > /dev/null 2>&1 &)",
      "lives",
    ),
    agent(
      "a process without its environment",
      "(env -i setsid bash -c 'exec -a s-{id} sleep 600' > /dev/null 2>&1 &)",
      "lives",
    ),
    agent("a process that multiplies", BOMB_SHELL, multiplied, { alone: "always" }),
    agent(
      "the end of somebody else's process",
      "for p in /proc/[0-9]*; do grep -q 'v-{id}-vic[t]im' $p/cmdline 2>/dev/null && kill -9 $(basename $p); done",
      (world, id) => !world.leftProcesses().some(({ command }) => command.includes(`v-${id}-victim`)),
      { setup: "(exec -a v-{id}-victim sleep 600) > /dev/null 2>&1 &" },
    ),

    verify("a process in the background", "(exec -a s-{id} sleep 600) > /dev/null 2>&1 &"),
    verify(
      "a process in a session of its own",
      "setsid bash -c 'exec -a s-{id} sleep 600' > /dev/null 2>&1 & sleep 0.2",
    ),
    verify("a process twice removed", "(setsid bash -c '(exec -a s-{id} sleep 600) &' > /dev/null 2>&1 &); sleep 0.3"),
  ],
};
