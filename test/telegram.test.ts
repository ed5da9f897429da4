/** A Telegram bot as a remote: real `orch dispatch` processes, a Bot API server of our own, the scripted model. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { doneSchema } from "../src/core/protocol/actions.ts";
import { askedAgain } from "../src/scripted-model/records.ts";
import { BotApiServer, type BotMessage } from "./support/bot-api-server.ts";
import { DashboardClient } from "./support/dashboard.ts";
import { planScript, TASK } from "./support/plan-script.ts";
import { type Run, Workshop, type WorkshopOptions } from "./support/workshop.ts";

const SOON = { timeout: 60_000, interval: 50 };
// Several run at a time: they wait more than they work.
vi.setConfig({ testTimeout: 150_000 });

interface Scene extends AsyncDisposable {
  readonly shop: Workshop;
  readonly bot: BotApiServer;
  dispatch(...args: readonly string[]): Run;
  /** Ends it as a service manager does. */
  stop(run: Run): Promise<void>;
}

async function scene(options: Partial<WorkshopOptions> = {}): Promise<Scene> {
  const bot = await BotApiServer.start();
  const shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }), ...options });
  const running = new Set<Run>();
  const stop = async (run: Run) => {
    running.delete(run);
    run.kill("SIGTERM");
    expect((await run.end).code).toBe(130);
  };
  return {
    ...{ shop, bot, stop },
    dispatch: (...args) => {
      const run = shop.orch(["dispatch", "--repo", shop.repository, ...args], bot.environment);
      running.add(run);
      return run;
    },
    [Symbol.asyncDispose]: async () => {
      for (const run of running) {
        run.kill("SIGKILL");
        await run.end;
      }
      // Whatever happened: the token is nowhere but in the processes' environments.
      expect(filesWith(shop.base, bot.token)).toEqual([]);
      await shop[Symbol.asyncDispose]();
      await bot[Symbol.asyncDispose]();
    },
  };
}

function filesWith(folder: string, text: string): string[] {
  try {
    return execFileSync("grep", ["-rlF", "--", text, folder], { encoding: "utf8" }).split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

const answersTo = (bot: BotApiServer, message: number, chatId = bot.admin) =>
  bot.messages.filter((sent) => sent.chatId === chatId && sent.replyTo === message);

/** The message that shows a job, and those that say how it ended. */
function told(bot: BotApiServer, message: number) {
  const all = answersTo(bot, message);
  return { status: all.filter(isStatus), ends: all.filter((sent) => !isStatus(sent)) };
}

const isStatus = ({ text }: BotMessage) => /^job telegram-/m.test(text);

test("a message becomes a job, one message shows how it goes, and one says how it ended", async () => {
  await using it = await scene({
    script: planScript({ subtasks: [{ id: "one" }, { id: "two", dependsOn: ["one"] }] }),
    config: { prices: { perMillionTokens: { codex: { input: 2, output: 10 }, "gpt-5.1": { input: 1, output: 8 } } } },
  });
  const { shop, bot } = it;
  const run = it.dispatch();
  const stranger = bot.write("Delete everything", { userId: 666 });
  const message = bot.write(`${TASK} <b>bold</b> & _this_`);
  await expect.poll(() => told(bot, message).ends.length, SOON).toBe(1);
  const { status, ends } = told(bot, message);
  expect(status).toHaveLength(1);
  expect(status[0]?.versions.length).toBeGreaterThan(1);
  expect(status[0]?.text).toMatch(/✅ done/);
  expect(status[0]?.text).toContain(`${TASK} <b>bold</b> & _this_`);
  expect(status[0]?.text).toMatch(/✓ Part one {2}1 file, \+1 −0\n✓ Part two/);
  expect(status[0]?.text).toMatch(/changes: 2 files, \+2 −0\ncost: \$0\.\d\d\ntokens: [\d,]+ in/);
  // With what came out, and what it has cost.
  expect(ends[0]?.text).toMatch(
    /^✅ done: .*\n2 files, \+2 −0, on result-telegram-\S+\ncost: \$0\.\d\d\ntokens: [\d,]+ in.* out, in \d/,
  );
  expect(answersTo(bot, stranger)).toEqual([]);
  // What others wrote is no markup, link or command: it stands as code.
  const task = status[0]?.text.indexOf(TASK);
  expect(status[0]?.entities).toContainEqual(expect.objectContaining({ type: "code", offset: task }));
  const diff = bot.write("/diff");
  await expect.poll(() => answersTo(bot, diff)[0]?.text, SOON).toMatch(/^diff --git [\s\S]*\+written for one/);
  expect(answersTo(bot, diff)[0]?.entities).toMatchObject([{ type: "pre", offset: 0, language: "diff" }]);
  const jobId = `telegram-7000000001-${bot.admin}-${message}`;
  expect(Object.keys(shop.resultFiles(jobId))).toEqual(["one.txt", "two.txt"]);
  await it.stop(run);
  const log = readFileSync(join(shop.repository, ".codex", "jobs", "dispatcher.log"), "utf8");
  expect(log).toMatch(/source\.ignored .*666/);
  expect(log).toMatch(/task\.finished .*status="done"/);
});

const STEPS = {
  "the update was received": (bot: BotApiServer) => bot.fail("getUpdates", "hold", ({ timeout }) => timeout !== 0),
  "the job was committed": (bot: BotApiServer) => bot.fail("sendMessage", "hold"),
  "the job was running": () => {},
  "the message that shows it was changed to its end": (bot: BotApiServer) =>
    bot.fail("editMessageText", "hold", ({ text }) => /✅ done/.test(String(text))),
  "the answer was sent": (bot: BotApiServer) => bot.fail("sendMessage", "hold", ({ text }) => /^✅/.test(String(text))),
};

test.each(Object.entries(STEPS))("killed when %s and started again: one job, one answer", async (when, arrange) => {
  await using it = await scene({
    script: planScript({
      subtasks: [{ id: "one", steps: [{ run: "echo one > one.txt" }, { run: "ls", hold: "gate" }, { say: "Done." }] }],
    }),
  });
  const { shop, bot } = it;
  const isHeldAt = when === "the job was running";
  if (!isHeldAt) shop.model.release("gate");
  arrange(bot);
  const message = bot.write(TASK);
  const first = it.dispatch();
  const held = () => {
    switch (when) {
      case "the update was received":
        return bot.calls.some(({ method }) => method === "getUpdates");
      case "the job was committed":
        return bot.messages.length > 0;
      case "the job was running":
        return shop.model.requests.some(({ step, outcome }) => step === 2 && outcome === "pending");
      case "the answer was sent":
        return bot.find(/^✅ done: /).length > 0;
      default:
        return bot.find(/^✅ done\n/).length > 0;
    }
  };
  await expect.poll(held, SOON).toBe(true);
  first.kill("SIGKILL");
  await first.end;
  if (isHeldAt) shop.model.release("gate");
  const polls = () => bot.calls.filter(({ method }) => method === "getUpdates").length;
  const before = polls();
  const second = it.dispatch("--resume");
  const ends = () => answersTo(bot, message).filter(({ text }) => /^✅ done/.test(text) && !isChanged(text));
  const isChanged = (text: string) => when !== "the job was committed" && /^job telegram-/m.test(text);
  await expect.poll(() => ends().length, SOON).toBe(1);
  await expect.poll(() => polls() > before && bot.pending === 0, SOON).toBe(true);
  // Its last words are said before it ends: nothing was still to come.
  await it.stop(second);
  expect(ends()).toHaveLength(1);
  using store = await shop.store();
  expect(store.listJobs({ limit: 10 }).map(({ status }) => status)).toEqual(["done"]);
  if (!isHeldAt) expect(askedAgain(shop.model.requests)).toEqual([]);
});

test.concurrent("a dispatcher that is not told to go on with what was left says so in the chat, and does when it is asked", async ({
  expect,
}) => {
  await using it = await scene({
    script: planScript({
      subtasks: [{ id: "one", steps: [{ run: "echo one > one.txt" }, { run: "ls", hold: "gate" }, { say: "Done." }] }],
    }),
  });
  const { shop, bot } = it;
  const message = bot.write(TASK);
  const first = it.dispatch();
  const isHeld = () => shop.model.requests.some(({ step, outcome }) => step === 2 && outcome === "pending");
  await expect.poll(isHeld, SOON).toBe(true);
  await expect.poll(() => bot.pending, SOON).toBe(0);
  first.kill("SIGKILL");
  await first.end;
  shop.model.release("gate");
  const second = it.dispatch();
  const status = () => told(bot, message).status[0];
  await expect.poll(() => status()?.text, SOON).toMatch(/^💤 stopped/);
  bot.press(status() as BotMessage, "Resume");
  await expect.poll(() => told(bot, message).ends.length, SOON).toBe(1);
  expect(status()?.text).toMatch(/^✅ done/);
  await it.stop(second);
});

test.concurrent("limits, lost connections and Telegram's own troubles are waited for, and nothing is lost", async ({
  expect,
}) => {
  await using it = await scene();
  const { bot } = it;
  bot.fail("getMe", "cut");
  bot.fail("getUpdates", { status: 500 });
  bot.fail("getUpdates", "cut");
  bot.fail("sendMessage", { status: 429, retryAfter: 1 });
  bot.fail("sendMessage", { status: 500 });
  bot.fail("editMessageText", "cut");
  bot.fail("editMessageText", { status: 429, retryAfter: 1 });
  const message = bot.write(TASK);
  const run = it.dispatch();
  await expect.poll(() => told(bot, message).ends.length, SOON).toBe(1);
  expect(told(bot, message).status.map(({ text }) => text.split("\n")[0])).toEqual(["✅ done"]);
  await it.stop(run);
});

test.concurrent("a second poller is told about once, and waited for; a token that was revoked ends the dispatcher with words", async ({
  expect,
}) => {
  await using it = await scene();
  const { bot } = it;
  const run = it.dispatch();
  await expect.poll(() => bot.calls.filter(({ method }) => method === "getUpdates").length, SOON).toBe(1);
  const api = `${bot.environment.TELEGRAM_API_ROOT}bot${bot.token}/getUpdates`;
  await fetch(api, { method: "POST" });
  // Our own is asked again after a while.
  await expect.poll(() => bot.calls.filter(({ method }) => method === "getUpdates").length, SOON).toBeGreaterThan(2);
  bot.isRevoked = true;
  bot.write("/help");
  const { code, stdout, stderr } = await run.end;
  expect(code).toBe(1);
  expect(stdout.match(/somebody else takes this bot's messages/g)).toHaveLength(1);
  expect(stderr).toMatch(/Telegram does not know the bot's token[\s\S]*ask @BotFather/);
});

test.concurrent("what is no task is answered with a word; what is too long for one message is one task", async ({
  expect,
}) => {
  await using it = await scene({ config: { approvePlan: true } });
  const { shop, bot } = it;
  const run = it.dispatch();
  const photo = bot.write(undefined, { photo: [{ file_id: "x", file_unique_id: "x", width: 1, height: 1 }] });
  await expect.poll(() => answersTo(bot, photo)[0]?.text, SOON).toMatch(/write what is to be done/);
  const unknown = bot.write("/nonsense now");
  await expect.poll(() => answersTo(bot, unknown)[0]?.text, SOON).toMatch(/no command \/nonsense/);
  bot.update({ message: { message_id: 1 } });
  // Another admin, in a chat of their own.
  const other = bot.write("/jobs", { userId: 4343, chatId: 4343 });
  await expect.poll(() => answersTo(bot, other, 4343)[0]?.text, SOON).toMatch(/no jobs yet/);
  const help = bot.write("/start");
  await expect.poll(() => answersTo(bot, help)[0]?.text, SOON).toMatch(/\/cancel – end a job for good/);
  const edited = { message_id: photo, date: 1, edit_date: 2, chat: { id: bot.admin, type: "private" }, text: "new" };
  bot.update({ edited_message: { ...edited, from: { id: bot.admin, is_bot: false, first_name: "S" } } });
  await expect.poll(() => bot.find("What you edit changes nothing").length, SOON).toBe(1);
  const words = `${TASK}. ${"All of them, one by one. ".repeat(400)}`.slice(0, 10_000).trim();
  const parts = [words.slice(0, 4096), words.slice(4096, 8192), words.slice(8192)];
  const [long = 0] = parts.map((part) => bot.write(part));
  await expect.poll(() => bot.find("❓ The plan waits").length, SOON).toBe(1);
  const whole = bot.write(words, { chatId: -100123 });
  await expect.poll(() => bot.find("❓ The plan waits", -100123).length, SOON).toBe(1);
  await it.stop(run);
  using store = await shop.store();
  const jobs = store.listJobs({ limit: 10 });
  const ids = [`g100123-${whole}`, `${bot.admin}-${long}`].map((id) => `telegram-7000000001-${id}`);
  expect(jobs.map(({ id }) => id)).toEqual(ids);
  const plain = (text: string) => text.replace(/\s/g, "");
  for (const { input } of jobs) expect(plain((input as { task: string }).task)).toBe(plain(words));
  expect(bot.messages.every(({ text }) => text.length <= 4096)).toBe(true);
});

test.concurrent("a plan is approved by a button, seen, stopped, gone on with and cancelled from the chat", async ({
  expect,
}) => {
  await using it = await scene({
    config: { approvePlan: true },
    script: planScript({
      subtasks: [{ id: "one", steps: [{ run: "echo one > one.txt" }, { run: "ls", hold: "gate" }, { say: "Done." }] }],
    }),
  });
  const { shop, bot } = it;
  const run = it.dispatch();
  const message = bot.write(TASK);
  await expect.poll(() => bot.find("❓ The plan waits").length, SOON).toBe(1);
  const [status] = told(bot, message).status;
  if (!status) throw new Error("no message shows the job");
  // What is approved can be read: what each agent will be told.
  expect(status.text).toContain("Each part writes its own file.\n\n· Part one\n   Write what belongs to one.");
  bot.press(status, "Approve", 666);
  bot.press(status, "Approve");
  const isHeld = () => shop.model.requests.some(({ step, outcome }) => step === 2 && outcome === "pending");
  await expect.poll(isHeld, SOON).toBe(true);
  expect(bot.answers).toHaveLength(1);
  await expect.poll(() => status.text, SOON).toMatch(/^🔧 working[\s\S]*▸ Part one/);
  bot.press(status, "Stop");
  await expect.poll(() => status.text, SOON).toMatch(/^⏸ stopped/);
  const asked = bot.write("/status");
  await expect.poll(() => answersTo(bot, asked)[0]?.text, SOON).toMatch(/^⏸ stopped/);
  bot.press(status, "Resume");
  await expect.poll(() => status.text, SOON).toMatch(/^🔧 working/);
  await expect.poll(isHeld, SOON).toBe(true);
  const cancel = bot.write("/cancel");
  await expect.poll(() => status.text, SOON).toMatch(/^🚫 cancelled/);
  expect(answersTo(bot, cancel)[0]?.text).toMatch(/is cancelled/);
  await expect.poll(() => told(bot, message).ends.at(-1)?.text, SOON).toMatch(/^🚫 cancelled: /);
  const jobs = bot.write("/jobs");
  await expect
    .poll(() => answersTo(bot, jobs)[0]?.text, SOON)
    .toMatch(/^🚫 cancelled {2}Write the parts\n {5}telegram-/);
  await it.stop(run);
});

test.concurrent("with --dashboard it is the whole in one process: a plan from the chat is approved on the page, the answer is in the chat", async ({
  expect,
}) => {
  await using it = await scene({
    config: { approvePlan: true },
    script: planScript({
      subtasks: [{ id: "one", steps: [{ run: "echo one > one.txt", hold: "gate" }, { say: "Done." }] }],
    }),
  });
  const { bot, shop } = it;
  const run = it.dispatch("--dashboard", "--port", "0");
  const message = bot.write(TASK);
  await expect.poll(() => bot.find("❓ The plan waits").length, SOON).toBe(1);
  const client = new DashboardClient(/^dashboard: (\S+)$/m.exec(run.printed)?.[1] ?? "");
  const jobId = `telegram-7000000001-${bot.admin}-${message}`;
  expect(await client.post(`/api/jobs/${jobId}/actions`, { action: "approve" }, doneSchema)).toMatchObject({
    notRun: null,
  });
  // The dashboard runs it now: the message in the chat says so all the same.
  const [status] = told(bot, message).status;
  await expect.poll(() => status?.text, SOON).toMatch(/^🔧 working/);
  shop.model.release("gate");
  await expect.poll(() => told(bot, message).ends.at(-1)?.text, SOON).toMatch(/^✅ done: /);
  expect(told(bot, message).ends).toHaveLength(2);
  expect(status?.text).toMatch(/^✅ done/);
  expect(Object.keys(shop.resultFiles(jobId))).toEqual(["one.txt"]);
  expect(askedAgain(shop.model.requests)).toEqual([]);
  await it.stop(run);
});

test.concurrent("what failed is tried again by a button, and each end is said once; a long diff comes as a file", async ({
  expect,
}) => {
  const long = Array.from({ length: 400 }, (_, line) => `line ${line} of what was written`).join("\n");
  const step = { fault: [{ status: 500, times: 6 }] } as never;
  await using it = await scene({
    config: { maxAttempts: 2 },
    script: planScript({ subtasks: [{ id: "one", writes: { "one.txt": long }, step }] }),
  });
  const { bot } = it;
  const run = it.dispatch();
  const message = bot.write(TASK);
  await expect.poll(() => told(bot, message).ends.length, SOON).toBe(1);
  const [status] = told(bot, message).status;
  if (!status) throw new Error("no message shows the job");
  expect(told(bot, message).ends[0]?.text).toMatch(/^❌ failed: /);
  // Why is said once, and what to do in words of the chat, not of a terminal.
  expect(status.text).toMatch(
    /^❌ failed[\s\S]*✗ Part one {2}one\n {3}.*\n[\s\S]*\/retry tries again what failed, \/skip/,
  );
  expect(status.text).not.toMatch(/subtasks failed|orch /);
  const skip = bot.write("/skip none");
  await expect.poll(() => answersTo(bot, skip)[0]?.text, SOON).toMatch(/has no subtask "none"/);
  bot.press(status, "Retry");
  await expect.poll(() => told(bot, message).ends.length, SOON).toBe(2);
  expect(told(bot, message).ends[1]?.text).toMatch(/^✅ done: /);
  expect(told(bot, message).status).toHaveLength(1);
  const diff = bot.write("/diff");
  await expect
    .poll(() => answersTo(bot, diff)[0]?.file, SOON)
    .toMatchObject({
      name: `telegram-7000000001-${bot.admin}-${message}.diff`,
      content: expect.stringContaining("+line 399 of what was written"),
    });
  await it.stop(run);
});
