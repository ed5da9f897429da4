import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../process.testkit.ts";
import { type CodexCommand, codexTurnCommand } from "./codex-command.ts";

const settings = {
  codexPath: "/bin/codex",
  codexHome: "/home",
  apiKey: "sk-4711",
  baseUrl: 'http://127.0.0.1/"v1',
  environment: { PATH: "/bin" },
};
const turn = {
  repositoryRoot: join(homedir(), "project"),
  worktree: "/work/tree",
  model: null,
  threadId: null,
  jobId: "job-1",
  effectId: "job-1:1:0",
  mark: { name: "ORCH_TURN", value: "/turns/1" },
  runFolder: "/turns/1/1",
};

test("the key stands in the environment only, and a word of the user's never ends its TOML string", () => {
  const { args, env } = codexTurnCommand(settings, { ...turn, model: 'x" -s danger-full-access' });

  expect(env.OPENAI_API_KEY).toBe("sk-4711");
  expect(args.join(" ")).not.toContain("sk-4711");
  expect(args).toContain('model="x\\" -s danger-full-access"');
  expect(args.join(" ")).toContain('base_url="http://127.0.0.1/\\"v1"');
});

test("the sandbox has no network, no further folders, and the temporary folder unless the repository lies there", () => {
  using folder = makeFolder();
  const command = (repositoryRoot: string) =>
    codexTurnCommand(settings, { ...turn, repositoryRoot, runFolder: folder.path });
  const sandbox = ({ args }: CodexCommand) => args.find((arg) => arg.startsWith("sandbox_workspace_write"));

  expect(sandbox(command(turn.repositoryRoot))).toBe(
    "sandbox_workspace_write={network_access=false,writable_roots=[],exclude_slash_tmp=false,exclude_tmpdir_env_var=false}",
  );
  expect(sandbox(command(folder.path))).toContain("exclude_slash_tmp=true");
  expect(command(folder.path).env.TMPDIR).toBe(join(folder.path, "tmp"));
});

test("the prompt comes from stdin, in a new thread or in a known one", () => {
  const thread = "01a203a1-4cf5-7bc0-b503-07b9cee8a0a7";

  expect(codexTurnCommand(settings, turn).args.at(-1)).toBe("-");
  expect(codexTurnCommand(settings, { ...turn, threadId: thread }).args.slice(-3)).toEqual(["resume", thread, "-"]);
});
