/** A machine on which the sandbox does not start: nothing runs, unless the user says loudly that it shall. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planScript, TASK } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const ROOT = join(import.meta.dirname, "..");
const ORCH = join(ROOT, "bin", "orch.js");
const LOUDLY = { ORCHESTRATOR_DANGEROUSLY_WITHOUT_SANDBOX: "1" };
const REASON = "bwrap: No permissions to create a new namespace";

/** The real Codex, but for its sandbox, which fails as it does where user namespaces are not allowed. */
function withoutNamespaces(shop: Workshop) {
  const path = join(shop.base, "codex");
  const real = join(ROOT, "node_modules", ".bin", "codex");
  const script = `#!/bin/sh\n[ "$1" = sandbox ] && { echo '${REASON}' >&2; exit 1; }\nexec '${real}' "$@"\n`;
  writeFileSync(path, script, { mode: 0o755 });
  return { ORCHESTRATOR_CODEX_PATH: path };
}

function look(shop: Workshop, ...args: readonly string[]): string {
  const env = { ...shop.environment };
  return spawnSync(process.execPath, [ORCH, ...args], { cwd: shop.base, env, encoding: "utf8" }).stdout;
}

const runArgs = (shop: Workshop, ...more: readonly string[]) => [
  "run",
  TASK,
  "--repo",
  shop.repository,
  "--job-id",
  "job",
  ...more,
];

test("a job does not begin where the sandbox does not start: the reason and the remedy are told, and nothing is made", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }) });
  const environment = withoutNamespaces(shop);
  const { code, stderr } = await shop.orch(runArgs(shop), environment).end;
  expect(code).toBe(1);
  expect(stderr).toContain(`Codex's sandbox does not start on this machine: ${REASON}`);
  expect(stderr).toContain("orch doctor");
  expect(look(shop, "list", "--json").trim()).toBe("");
  expect(existsSync(join(shop.repository, ".codex"))).toBe(false);
  expect(shop.model.requests).toEqual([]);

  const doctor = await shop.orch(["doctor", "--repo", shop.repository], environment).end;
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain(REASON);
  expect(doctor.stdout).toContain("user namespaces");
});

test("without the sandbox, when that is said loudly: at the start, in the job's record, and to whoever looks at it", async () => {
  const step = { run: "touch ../../../../../../outside.txt inside.txt" };
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one", steps: [step, { say: "Done." }] }] }),
  });
  const environment = withoutNamespaces(shop);
  const run = shop.orch(runArgs(shop, "--json", "--approve-plan", "--dangerously-without-sandbox"), environment);
  const started = await run.event(({ type }) => type === "job.started");
  expect(started).toMatchObject({ dangerouslyWithoutSandbox: true });
  await run.event(({ type }) => type === "job.waiting");
  run.kill("SIGINT");
  await run.end;
  expect(look(shop, "show", "job")).toContain("NONE: begun with --dangerously-without-sandbox");
  expect(JSON.parse(look(shop, "show", "job", "--json"))).toMatchObject({ dangerouslyWithoutSandbox: true });

  look(shop, "approve", "job");
  // What the job's record says counts: nobody says it again.
  const { code, stdout, stderr } = await shop.orch(["resume", "job"], environment).end;
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("WITHOUT A SANDBOX");
  expect(readFileSync(join(shop.repository, ".codex/jobs/job/orchestrator.log"), "utf8")).toContain(
    "dangerouslyWithoutSandbox",
  );
  expect(existsSync(join(shop.base, "outside.txt"))).toBe(true);
});

test("a job that began with the sandbox never goes on without it", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }) });
  const run = shop.run("job", ["--approve-plan"]);
  await run.event(({ type }) => type === "job.waiting");
  run.kill("SIGINT");
  await run.end;
  look(shop, "approve", "job");
  const refused = await shop.orch(["resume", "job"], { ...withoutNamespaces(shop), ...LOUDLY }).end;
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(REASON);
  expect(look(shop, "show", "job")).not.toContain("NONE");
  // Where it starts, the setting takes nothing away from that job either.
  const resumed = shop.orch(["resume", "job", "--json"], LOUDLY);
  expect((await resumed.end).code).toBe(0);
  expect(resumed.events.find(({ type }) => type === "job.resumed")).not.toHaveProperty("dangerouslyWithoutSandbox");
});

test("commands come from the user's own orch.config.json, never from one that an agent wrote", async () => {
  const evil = JSON.stringify({ setup: ["touch ../setup-ran"], verify: ["touch ../verify-ran"] });
  const step = { run: `echo '${evil}' > orch.config.json; echo ORCHESTRATOR_CODEX_PATH=./x > .env` };
  await using shop = await Workshop.open({
    config: { verify: ["touch ../ours-ran"], verifyAccess: "everything" },
    script: planScript({
      subtasks: [
        { id: "one", steps: [step, { say: "Done." }] },
        { id: "two", dependsOn: ["one"] },
      ],
    }),
  });
  const { code, stderr } = await shop.run("job").end;
  expect(code, stderr).toBe(0);
  expect(shop.git("show", "refs/heads/result-job:orch.config.json")).toContain("setup-ran");
  const ran = (name: string) => existsSync(join(shop.repository, ".codex/jobs/job/worktrees", name));
  expect([ran("ours-ran"), ran("setup-ran"), ran("verify-ran")]).toEqual([true, false, false]);
});
