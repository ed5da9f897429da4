import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type CodexCommand, codexTurnCommand } from "./codex-command.ts";

const settings = {
  codexPath: "/bin/codex",
  codexHome: "/home",
  apiKey: "sk-4711",
  baseUrl: 'http://127.0.0.1/"v1',
  environment: { PATH: "/bin" },
};
const runFolder = mkdtempSync(join(tmpdir(), "orch-codex-command-"));
afterAll(() => rmSync(runFolder, { recursive: true }));
const turn = {
  worktree: "/work/tree",
  model: null,
  threadId: null,
  jobId: "job-1",
  effectId: "job-1:1:0",
  mark: { name: "ORCH_TURN", value: "/turns/1" },
  runFolder,
};

test("the key stands in the environment only, and a word of the user's never ends its TOML string", () => {
  const { args, env } = codexTurnCommand(settings, { ...turn, model: 'x" -s danger-full-access' });

  expect(env.OPENAI_API_KEY).toBe("sk-4711");
  expect(args.join(" ")).not.toContain("sk-4711");
  expect(args).toContain('model="x\\" -s danger-full-access"');
  expect(args.join(" ")).toContain('base_url="http://127.0.0.1/\\"v1"');
});

const setting = (name: string, { args }: CodexCommand) => args.find((arg) => arg.startsWith(`${name}=`));

test("the sandbox has no network, no further folders, and a temporary folder of the turn's own", () => {
  const command = codexTurnCommand(settings, turn);

  expect(setting("sandbox_mode", command)).toBe('sandbox_mode="workspace-write"');
  expect(setting("sandbox_workspace_write", command)).toBe(
    "sandbox_workspace_write={network_access=false,writable_roots=[],exclude_slash_tmp=true,exclude_tmpdir_env_var=false}",
  );
  expect(command.env.TMPDIR).toBe(join(runFolder, "tmp"));
});

test("the sandbox is left out only when that is said", () => {
  const command = codexTurnCommand({ ...settings, dangerouslyWithoutSandbox: true }, turn);

  expect(setting("sandbox_mode", command)).toBe('sandbox_mode="danger-full-access"');
});

test("the prompt comes from stdin, in a new thread or in a known one", () => {
  const thread = "01a203a1-4cf5-7bc0-b503-07b9cee8a0a7";

  expect(codexTurnCommand(settings, turn).args.at(-1)).toBe("-");
  expect(codexTurnCommand(settings, { ...turn, threadId: thread }).args.slice(-3)).toEqual(["resume", thread, "-"]);
});
