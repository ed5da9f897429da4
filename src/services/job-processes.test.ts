import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { endJobProcesses, listJobProcesses } from "./job-processes.ts";
import { type Folder, makeFolder, shell, until } from "./process.testkit.ts";
import { signalGroup, startDetached } from "./process.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";
import { commandsMark, type ProcessMark, turnMark } from "./process-marks.ts";

async function start(folder: Folder, name: string, script: string, mark: ProcessMark): Promise<ProcessIdentity> {
  const { pid } = await startDetached({
    ...shell(folder, `${script.replace("READY", `touch ${name}`)}`, { [mark.name]: mark.value }),
    stdoutFile: join(folder.path, "out"),
    stderrFile: join(folder.path, "err"),
  });
  onTestFinished(() => signalGroup(pid, "SIGKILL"));
  await until("all is started", () => existsSync(join(folder.path, name)));
  return (await identifyProcess(pid)) as ProcessIdentity;
}

const turnOf = (repository: string, jobId: string) => turnMark(`${repository}/.codex/jobs/${jobId}/turns/${jobId}-7-0`);

test.runIf(process.platform === "linux")(
  "what a job has started is listed, with what that started in turn",
  async () => {
    using folder = makeFolder();
    const repository = join(folder.path, "a repo");
    const agent = await start(folder, "one", "sleep 611 & READY; wait", turnOf(repository, "job-1"));
    const worktree = `${repository}/.codex/jobs/job-1/worktrees/part`;
    const command = await start(folder, "two", "READY; exec sleep 612", commandsMark(worktree, "job-1:9:0"));
    const ours = () => listJobProcesses().filter((one) => one.repository === repository);

    await until("the command is the sleep", () => ours().some((one) => one.command === "sleep 612"));
    expect(ours()).toHaveLength(3);
    expect(ours().filter(({ isRoot }) => isRoot)).toEqual([
      expect.objectContaining({
        identity: agent,
        kind: "agent",
        jobId: "job-1",
        effect: "job-1-7-0",
        isStopped: false,
      }),
      expect.objectContaining({ identity: command, kind: "command", effect: "job-1:9:0", worktree: "part" }),
    ]);
    for (const { startedAt } of ours()) expect(Math.abs(startedAt - Date.now())).toBeLessThan(60_000);

    process.kill(agent.pid, "SIGSTOP");
    await until("it is stopped", () => ours().some(({ isStopped }) => isStopped));
    await endJobProcesses(repository, "job-1");
    expect(ours()).toEqual([]);
  },
);

test("a job's processes are ended whatever they did to get away, and nobody else's", async () => {
  using folder = makeFolder();
  const repository = join(folder.path, "repo");
  const escaping = "trap '' TERM; (setsid sh -c 'sleep 613 & sleep 614' &); setsid sleep 615 & READY; wait";
  const agent = await start(folder, "ours", escaping, turnOf(repository, "job-1"));
  const others = [
    await start(folder, "other-job", "READY; exec sleep 616", turnOf(repository, "job-1-2")),
    await start(folder, "other-repository", "READY; exec sleep 617", turnOf(`${repository}2`, "job-1")),
    // A job of a repository that lies in a worktree of this one.
    await start(
      folder,
      "inner",
      "READY; exec sleep 618",
      turnOf(`${repository}/.codex/jobs/job-1/worktrees/part`, "job-1"),
    ),
    await start(folder, "unmarked", "READY; exec sleep 619", { name: "ORCH_JOB_ID", value: "job-1" }),
  ];

  expect(await endJobProcesses(repository, "job-1")).toContain(agent.pid);

  expect(await isAlive(agent)).toBe(false);
  expect(await endJobProcesses(repository, "job-1")).toEqual([]);
  for (const other of others) expect(await isAlive(other)).toBe(true);
});
