/**
 * Users of Codex Orchestrator find everything again: what its README shows, each line as it is written there (with `npm`
 * for `yarn`), run as a user would, in a clone with its `.env`. What it says of a library is tested with the library.
 */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { BotApiServer } from "./support/bot-api-server.ts";
import { DashboardClient } from "./support/dashboard.ts";
import { NpmClone } from "./support/npm-clone.ts";
import { planOf, planScript } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const SOON = { timeout: 60_000, interval: 50 };
// Several run at a time: they wait more than they work.
vi.setConfig({ testTimeout: 150_000 });
const TASKS = ["Refactor billing module and add tests", "Do the feature", "Task A", "Task B", "Task C"];
const SUBTASKS = [{ id: "task-foo" }, { id: "task-bar" }];
const LONG = Array.from({ length: 900 }, (_, index) => `line ${index}`).join("\n");

const call = (...command: string[]) => ({
  call: "run_repo_command",
  arguments: { command, worktree: null, offset: null },
});

/** The planner reads a long file, and tries what is blocked. */
const READS = [call("cat", "long.txt"), ...["push", "remote", "reset", "rebase"].map((name) => call("git", name))];

async function open(): Promise<{ readonly shop: Workshop; readonly clone: NpmClone } & AsyncDisposable> {
  const shop = await Workshop.open({
    files: { "long.txt": LONG },
    script: planScript({
      subtasks: SUBTASKS,
      turns: TASKS.map((match, index) => ({
        name: `plan-${index}`,
        for: "planner" as const,
        match,
        steps: [...(index === 0 ? READS : []), { json: planOf(index < 2 ? SUBTASKS : SUBTASKS.slice(0, 1)) }],
      })),
    }),
    prepare: ({ git, folder }) => {
      git(["branch", "develop"]);
      git(["init", "-q", "--bare", join(folder, "origin.git")]);
      git(["remote", "add", "origin", join(folder, "origin.git")]);
    },
  });
  const { PATH = "", HOME = "", XDG_STATE_HOME = "" } = shop.environment;
  const clone = new NpmClone(join(shop.base, "codex-orchestrator"), { PATH, HOME, XDG_STATE_HOME });
  const { OPENAI_API_KEY = "", OPENAI_BASE_URL = "" } = shop.environment;
  clone.dotenv({ OPENAI_API_KEY, OPENAI_BASE_URL, ORCHESTRATOR_BASE_DIR: shop.repository });
  return { shop, clone, [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose]() };
}

test("npm install: package.json, the lockfile and what is installed agree", () => {
  const args = ["install", "--dry-run", "--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: join(import.meta.dirname, ".."), encoding: "utf8", stdio: "pipe" } as const;
  expect(execFileSync("npm", args, options)).not.toMatch(/^(?:add|change) /m);
});

test.concurrent('export …; npm run orchestrator "Refactor billing module and add tests", with the rest in .env', async ({
  expect,
}) => {
  await using it = await open();
  const { shop, clone } = it;
  const line = `export ORCHESTRATOR_JOB_ID="job-123" ORCHESTRATOR_DB_PATH="${shop.base}/own.db"\nnpm run orchestrator "${TASKS[0]}"`;
  const { code, stdout, stderr } = await clone.type(line).end;
  expect(code, stdout + stderr).toBe(0);
  // The console says how the subtasks begin and end; what goes on in them is in the logs.
  expect(stdout.match(/^▸ .*/gm)?.sort()).toEqual(["▸ task-bar: Part task-bar", "▸ task-foo: Part task-foo"]);
  expect(stdout.match(/^✓ task-\w+/gm)?.sort()).toEqual(["✓ task-bar", "✓ task-foo"]);
  expect(stdout).not.toMatch(/exec_command|written for|\{"/);
  const job = join(shop.repository, ".codex", "jobs", "job-123");
  expect(readdirSync(join(job, "worktrees")).sort()).toEqual(["result", "task-bar", "task-foo"]);
  expect(shop.git("-C", join(job, "worktrees", "result"), "branch", "--show-current")).toBe("result-job-123");
  expect(Object.keys(shop.resultFiles("job-123"))).toEqual(["task-bar.txt", "task-foo.txt"]);
  const read = (name: string) => readFileSync(join(job, name), "utf8");
  expect(JSON.parse(read("planner-output.json"))).toMatchObject({ subtasks: [{ id: "task-foo" }, { id: "task-bar" }] });
  expect(read("orchestrator.log")).toMatch(
    /job\.started[\s\S]*started Codex[\s\S]*subtask\.finished[\s\S]*job\.finished/,
  );
  // The planner was shown 4000 characters, the log has them all; and what is blocked was refused.
  const commands = read("run_repo_command.log");
  expect(commands).toContain(`: cat long.txt\nexit code 0\n${LONG}\n`);
  expect(commands.match(/^refused$/gm)).toHaveLength(4);
  // What it was told stands in the state that a resume would need: in the database, where it was said to be.
  const database = readFileSync(join(shop.base, "own.db"), "latin1");
  expect(/\[cut: (\d+) more characters/.exec(database)?.[1]).toMatch(/^[34]\d{3}$/);
});

test.concurrent('npm run orchestrator -- --repo … --base-branch develop --push-result "Do the feature"; without "--", a clear no', async ({
  expect,
}) => {
  await using it = await open();
  const { shop, clone } = it;
  clone.dotenv({ OPENAI_API_KEY: shop.environment.OPENAI_API_KEY ?? "", OPENAI_BASE_URL: shop.model.url });
  const words = `--repo "${shop.repository}" --base-branch develop --push-result "Do the feature"`;
  const swallowed = await clone.type(`npm run orchestrator ${words}`).end;
  expect(swallowed.code).toBe(2);
  expect(swallowed.stderr).toMatch(
    /npm took --repo, --base-branch, --push-result for itself\n.*npm run orchestrator -- /,
  );
  expect(shop.model.requests).toEqual([]);
  const { code, stdout, stderr } = await clone.type(`npm run orchestrator -- ${words}`).end;
  expect(code, stdout + stderr).toBe(0);
  const branch = /branch +(result-\S+)/.exec(stdout)?.[1] ?? "";
  expect(shop.git("ls-remote", "origin").split(/\s+/)).toEqual([shop.git("rev-parse", branch), `refs/heads/${branch}`]);
});

test.concurrent("npm run dev is the same; --repo-root and --project-root are --repo", async ({ expect }) => {
  await using it = await open();
  const { shop, clone } = it;
  const runs = ["", "-- --repo-root . ", `-- --project-root="${shop.repository}" `].map((flags) =>
    clone.type(`ORCHESTRATOR_DRY_RUN=1 npm run dev ${flags}"${TASKS[0]}"`),
  );
  const [plain, here, there] = await Promise.all(runs.map(({ end }) => end));
  for (const run of [plain, there]) {
    expect(run?.code, run?.stderr).toBe(0);
    expect(run?.stdout).toContain(`in ${shop.repository}, from commit`);
  }
  expect(here?.stderr).toMatch(/is not in a git repository|no git repository|not a git/);
});

test.concurrent('DISPATCH_TASKS="Task A\\nTask B" npm run dispatcher: one after the other, then it ends', async ({
  expect,
}) => {
  await using it = await open();
  const { shop, clone } = it;
  const { code, stdout, stderr } = await clone.type('DISPATCH_TASKS="Task A\\nTask B" npm run dispatcher').end;
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/taken: Task A[\s\S]*: done: [\s\S]*taken: Task B[\s\S]*: done: [\s\S]*2 done, 0 failed/);
  const log = readFileSync(join(shop.repository, ".codex", "jobs", "dispatcher.log"), "utf8");
  expect(log).toMatch(/task\.taken .*Task A[\s\S]*task\.finished .*result-env-[\s\S]*task\.taken .*Task B/);
});

test.concurrent("with the bot's token and the admin's number it stays; the environment's tasks come first; it answers in the chat", async ({
  expect,
}) => {
  await using it = await open();
  await using bot = await BotApiServer.start();
  const exports = Object.entries(bot.environment).map(([name, value]) => `export ${name}="${value}"\n`);
  const message = bot.write("Task C");
  const run = it.clone.type(`${exports.join("")}DISPATCH_TASKS="Task A" npm run dispatcher`);
  const answers = () => bot.find(/^✅ done: /).filter(({ replyTo }) => replyTo === message);
  await expect.poll(() => answers().length, SOON).toBe(1);
  run.kill("SIGTERM");
  const { stdout } = await run.end;
  expect(stdout).toMatch(/taken: Task A[\s\S]*env-\S+: done: [\s\S]*telegram-\S+: done: [\s\S]*stopped; 2 done/);
});

test.concurrent("npm run dashboard answers /api/db and streams on /ws; npm run web:dev passes both on to it; npm run web:build", async ({
  expect,
}) => {
  await using it = await open();
  const { shop, clone } = it;
  const dashboard = clone.type("DASHBOARD_PORT=0 npm run dashboard");
  const [, link = ""] = await dashboard.printed(/^dashboard: (\S+)$/m);
  const port = await freePort();
  const pages = clone.type(`DASHBOARD_URL=${new URL(link).origin} npm run web:dev -- --port ${port} --strictPort`);
  await pages.printed(/Local:/);
  const proxy = new URL(link);
  proxy.port = String(port);
  for (const address of [link, proxy.href]) {
    const client = new DashboardClient(address);
    expect((await client.fetch("/api/db")).status, address).toBe(200);
    const socket = await client.watch("", () => {});
    socket.close();
  }
  expect(await (await fetch(proxy.origin)).text()).toContain("<title>");
  const built = join(shop.base, "pages");
  const { code, stderr } = await clone.type(`npm run web:build -- --outDir "${built}" --emptyOutDir`).end;
  expect(code, stderr).toBe(0);
  expect(readdirSync(built)).toContain("index.html");
  for (const run of [pages, dashboard]) {
    run.kill("SIGTERM");
    await run.end;
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
