/** Secrets planted everywhere that a text can come from: afterwards they are in nothing that orch wrote or said. */

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { letters } from "../src/core/secrets.testkit.ts";
import { planOf, planScript, TASK, writing } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

/** What Codex, and the commands of the user, write by themselves, in files of the job's folder or of Codex's home. */
const NOT_OURS = /^state\/orch\/codex\/|^repo\/\.codex\/jobs\/[^/]+\/(?:worktrees|turns)\/|\/commands-[^/]+\.log$/;

test("no planted secret is in the database, a log, a note, a commit message or the output", async () => {
  const secrets = {
    environment: `environment-${letters(12)}-1`,
    copied: `copied-${letters(12)}-2`,
    pushed: `pushed-${letters(12)}-3`,
    task: `ghp_${letters(36)}`,
    repository: `glpat-${letters(20)}`,
    plan: `npm_${letters(36)}`,
    message: `xoxb-123456789012-${letters(24)}`,
    key: "sk-test-0123456789abcdef",
  };
  const subtask = { id: "part" };
  const plan = planOf([subtask]);
  const [only] = plan.subtasks;
  const script = planScript({
    subtasks: [
      {
        id: "part",
        steps: [
          { run: "cat .env; echo to be seen", fault: { status: 500, message: `no such key: ${secrets.key}` } },
          { run: writing({ "part.txt": "written" }) },
          { say: `Done with ${secrets.message}, ${secrets.copied} and ${secrets.environment}.` },
        ],
      },
    ],
    before: [{ call: "run_repo_command", arguments: { command: ["cat", "notes.txt"] } }],
    answer: {
      json: {
        summary: `With ${secrets.plan} in it.`,
        subtasks: [
          {
            ...only,
            title: `Part part ${secrets.plan}`,
            instructions: `Use ${secrets.plan} and ${secrets.environment}`,
          },
        ],
      },
    },
  });
  await using shop = await Workshop.open({
    script,
    files: { "notes.txt": `The key is ${secrets.repository}.\n`, ".gitignore": ".env\n" },
    config: { copy: [".env"], setup: ["cat .env"], maxAttempts: 2 },
    prepare: (checkout) => {
      writeFileSync(join(checkout.root, ".env"), `PORT=3000\nDB_PASSWORD=${secrets.copied}\n`);
      checkout.git(["remote", "add", "origin", `http://me:${secrets.pushed}@127.0.0.1:9/x.git`]);
    },
  });
  const own = { DEPLOY_TOKEN: secrets.environment };
  const args = ["--repo", shop.repository, "--job-id", "job", "--json", "--push-result"];
  const run = await shop.orch(["run", `${TASK} with ${secrets.task}`, ...args], own).end;
  expect(run.events.at(-1)).toMatchObject({ type: "job.finished", status: "failed", error: { code: "push-failed" } });
  expect(run.stderr).toContain("was taken out of the task");

  const said = [run.stdout, run.stderr];
  for (const command of [
    ["show", "job"],
    ["logs", "job"],
    ["logs", "job", "--subtask", "part"],
    ["history", "job"],
  ]) {
    const { stdout, stderr } = await shop.orch(command, own).end;
    said.push(stdout, stderr);
  }
  expect(said.join("\n")).toContain("[redacted]");
  expect(said.join("\n")).toContain("to be seen");
  const commits = shop.git("log", "--all", "--format=%B%an%ae");
  expect(commits).toContain("Done with [redacted], [redacted] and [redacted].");
  const files = filesBelow(shop.base).filter((path) => !NOT_OURS.test(path) && !path.startsWith("repo/.env"));
  for (const name of ["orchestrator.db", "orchestrator.log", "planner-output.json", "run_repo_command.log"]) {
    expect(
      files.some((path) => path.endsWith(`/${name}`)),
      name,
    ).toBe(true);
  }
  const places = Object.entries(secrets).flatMap(([kind, secret]) => [
    ...(commits.includes(secret) ? [`${kind} in a commit message`] : []),
    ...said.flatMap((text, index) => (text.includes(secret) ? [`${kind} in output ${index}`] : [])),
    ...files
      .filter((path) => path !== "repo/.git/config" && path !== "repo/notes.txt")
      .filter((path) => readFileSync(join(shop.base, path)).includes(secret))
      .map((path) => `${kind} in ${path}`),
  ]);
  expect(places).toEqual([]);
});

test("a setup or verify command with a secret in it is refused before anything is made", async () => {
  const script = planScript({ subtasks: [{ id: "part" }] });
  await using shop = await Workshop.open({
    script,
    config: { verify: ["true", `curl -H "X: glpat-${letters(20)}" x`] },
  });
  const { code, stderr } = await shop.run("job").end;
  expect(code).toBe(2);
  expect(stderr).toContain('command 2 of "verify" holds a secret');
  expect(stderr).not.toContain("glpat");
});

test("a credential in the result stops the push and names the place; let through by the user, the push goes on", async () => {
  const key = `npm_${letters(36)}`;
  const script = planScript({ subtasks: [{ id: "part", writes: { "conf/fixture.txt": `first\n${key}` } }] });
  await using shop = await Workshop.open({
    script,
    prepare: (checkout) => {
      checkout.git(["init", "-q", "--bare", join(checkout.folder, "remote.git")]);
      checkout.git(["remote", "add", "origin", join(checkout.folder, "remote.git")]);
    },
  });
  const run = await shop.run("job", ["--push-result"]).end;
  expect(run.code).toBe(1);
  expect(run.events.at(-1)).toMatchObject({
    status: "failed",
    error: {
      code: "credentials-in-result",
      message: expect.stringContaining("conf/fixture.txt:2 (npm-token"),
      hint: expect.stringContaining('"conf/fixture.txt:npm-token" to "allowCredentials"'),
    },
  });
  expect(run.stdout + run.stderr).not.toContain(key);
  const remote = () => shop.git("ls-remote", join(shop.base, "remote.git"));
  expect(remote()).toBe("");

  const config = join(shop.repository, "orch.config.json");
  const aside = join(shop.base, "config.kept");
  const before = JSON.parse(readFileSync(config, "utf8"));
  renameSync(config, aside);
  writeFileSync(config, JSON.stringify({ ...before, allowCredentials: ["conf/fixture.txt:npm-token"] }));
  const asked = shop.model.requests.length;
  expect((await shop.orch(["retry", "job"]).end).code).toBe(0);
  const resumed = await shop.resume("job").end;
  renameSync(aside, config);
  expect(resumed.events.at(-1)).toMatchObject({ status: "done", pushedTo: "origin" });
  expect(shop.model.requests).toHaveLength(asked);
  expect(remote()).toMatch(/^[0-9a-f]{40}\trefs\/heads\/result-job$/);
});

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
