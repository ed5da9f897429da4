/** An orchestrator that runs one command, and that tests end: at once by SIGTERM, or by SIGKILL, as it comes. */

import { fakeContext } from "../testing/fake-context.ts";
import { runCommands } from "./run-commands.ts";

const [path = "", command = ""] = process.argv.slice(2);
process.on("SIGTERM", () => process.exit(130));
await runCommands(
  { worktree: { name: "part", path, branch: "orch/job-1/part" }, commands: [command], limitMs: 60_000 },
  fakeContext(),
  { maxProcesses: 512, access: "everything" },
);
