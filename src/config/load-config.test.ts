/** Where settings come from, which of them wins, and what is refused. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { UsageError } from "../core/errors.ts";
import { type Config, loadConfig } from "./load-config.ts";

function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "orch-config-")));
  onTestFinished(() => rmSync(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

function load(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  flags: Readonly<Record<string, unknown>> = {},
): Config {
  return loadConfig({ flags, environment, directory: folder(files) });
}

test("flags come before the environment, it before .env, that before orch.config.json, and last the default", () => {
  const files = {
    ".env": "ORCHESTRATOR_JOB_ID=from-dotenv\nRUN_REPO_OUTPUT_LIMIT=300",
    "orch.config.json": JSON.stringify({ concurrency: 7, maxSubtasks: 9 }),
  };
  const environment = { ORCHESTRATOR_JOB_ID: "from-environment" };
  expect(load(files, environment, { concurrency: "2" })).toMatchObject({
    concurrency: 2,
    maxSubtasks: 9,
    jobId: "from-environment",
    outputLimit: 300,
    maxRepairs: 2,
  });
});

test("what is on or off is said by 1 or 0, true or false; anything else is refused with that", () => {
  const on = (value: string) => load({}, { ORCHESTRATOR_TRACE: value }).trace;
  expect(["1", "true", "0", "false", ""].map(on)).toEqual([true, true, false, false, false]);
  expect(() => on("yes")).toThrow("ORCHESTRATOR_TRACE is wrong: it must be 1 (on) or 0 (off)");
});

test("durations are written as people write them, and kept in milliseconds", () => {
  const config = load({ "orch.config.json": JSON.stringify({ turnLimit: "1.5h", turnSilence: "90s" }) });
  expect(config).toMatchObject({ turnLimit: 5_400_000, turnSilence: 90_000 });
});

test("an empty variable is as good as none", () => {
  expect(load({}, { OPENAI_API_KEY: "", OPENAI_BASE_URL: "" })).toMatchObject({
    apiKey: undefined,
    baseUrl: "https://api.openai.com/v1",
  });
});

test("the database is in the state folder, never beside the work", () => {
  expect(load({}, { XDG_STATE_HOME: "/state" })).toMatchObject({
    databasePath: "/state/orch/orchestrator.db",
    codexHome: "/state/orch/codex",
  });
});

test.each([
  ["a number out of bounds", { "orch.config.json": '{"concurrency": 0}' }, /"concurrency" in .*orch\.config\.json/],
  ["a duration that is none", { "orch.config.json": '{"turnLimit": "long"}' }, /"long" is not a duration/],
  ["an unknown setting", { "orch.config.json": '{"concurency": 3}' }, /it sets "concurency"/],
  ["a secret in the repository's file", { "orch.config.json": '{"apiKey": "sk-1"}' }, /it sets "apiKey"/],
  ["a file that is no JSON", { "orch.config.json": "{" }, /orch\.config\.json cannot be used/],
  ["a file that is no object", { "orch.config.json": "[]" }, /it is not an object/],
  ["a path that leaves the repository", { "orch.config.json": '{"copy": ["../secret"]}' }, /inside of the repository/],
  ["a base URL that is none", { ".env": "OPENAI_BASE_URL=nowhere" }, /OPENAI_BASE_URL in \.env is wrong/],
])("refused, with where it stands: %s", (_what, files, message) => {
  expect(() => load(files)).toThrow(UsageError);
  expect(() => load(files)).toThrow(message);
});

test("a repository's .env does not send the user's key elsewhere, nor choose the program that is run", () => {
  const elsewhere = { ".env": "OPENAI_BASE_URL=http://elsewhere.invalid/v1" };
  expect(() => load(elsewhere, { OPENAI_API_KEY: "sk-mine" })).toThrow(/would be sent there/);
  expect(load({ ".env": `${elsewhere[".env"]}\nOPENAI_API_KEY=its-own` }).baseUrl).toContain("elsewhere");
  const mine = { OPENAI_API_KEY: "sk-mine", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
  expect(load(elsewhere, mine).baseUrl).toBe(mine.OPENAI_BASE_URL);
  expect(() => load({ ".env": "ORCHESTRATOR_CODEX_PATH=./evil" })).toThrow(/a program to run/);
});

test("only the user takes the sandbox away, by a flag or a variable: no file of the repository's does", () => {
  const variable = "ORCHESTRATOR_DANGEROUSLY_WITHOUT_SANDBOX";
  expect(load({}).dangerouslyWithoutSandbox).toBe(false);
  expect(load({}, { [variable]: "1" }).dangerouslyWithoutSandbox).toBe(true);
  expect(load({}, {}, { dangerouslyWithoutSandbox: true }).dangerouslyWithoutSandbox).toBe(true);
  expect(() => load({ ".env": `${variable}=1` })).toThrow(/takes your protection away/);
  expect(() => load({ ".env": `${variable}=1` }, { [variable]: "1" })).toThrow(/takes your protection away/);
  expect(() => load({ "orch.config.json": '{"dangerouslyWithoutSandbox": true}' })).toThrow(/it sets "dangerously/);
});

test("a repository's .env does not say who commands the user's bot, nor where its token is sent", () => {
  const mine = { TELEGRAM_BOT_TOKEN: "1234567:AAmine-mine-mine", ADMIN_TELEGRAM_ID: "1" };
  const { ADMIN_TELEGRAM_ID: _, ...token } = mine;
  const theirs =
    "TELEGRAM_BOT_TOKEN=7654321:AAtheirs-theirs\nADMIN_TELEGRAM_ID=2\nTELEGRAM_API_ROOT=http://127.0.0.1:1/";
  expect(load({ ".env": theirs })).toMatchObject({ telegramAdmins: [2], telegramApiRoot: "http://127.0.0.1:1" });
  for (const dotenv of ["ADMIN_TELEGRAM_ID=2", theirs]) {
    expect(() => load({ ".env": dotenv }, token)).toThrow(/would (command the bot|be sent there)/);
  }
  expect(() => load({ ".env": theirs }, mine)).toThrow(/the token of your environment would be sent there/);
  const both = { ...mine, TELEGRAM_API_ROOT: "http://127.0.0.1:2" };
  expect(load({ ".env": theirs }, both)).toMatchObject({ telegramAdmins: [1], telegramApiRoot: "http://127.0.0.1:2" });
  expect(load({ ".env": "ADMIN_TELEGRAM_ID=3, 4" }, {}).telegramAdmins).toEqual([3, 4]);
  expect(() => load({}, { ADMIN_TELEGRAM_ID: "@name" })).toThrow(/a user's number/);
});
