/** Whether Codex's sandbox starts on this machine: asked before a job, because without it no agent runs. */

import { tmpdir } from "node:os";
import { errorMessage } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { runProcess } from "../process.ts";
import { type CodexSettings, codexEnvironment } from "./codex-command.ts";
import { makeCodexHome } from "./codex-home.ts";

export type SandboxCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const LIMIT_MS = 30_000;

export async function checkSandbox(
  settings: Pick<CodexSettings, "codexPath" | "codexHome" | "environment">,
): Promise<SandboxCheck> {
  try {
    makeCodexHome(settings.codexHome);
    const result = await runProcess({
      command: settings.codexPath,
      // Without `-C`: it wants a permission profile beside it, and the folder that it runs in does as well.
      args: ["sandbox", "-c", 'sandbox_mode="workspace-write"', "--", "true"],
      cwd: tmpdir(),
      env: codexEnvironment(settings),
      timeoutMs: LIMIT_MS,
    });
    if (result.exitCode === 0) return { ok: true };
    const said = (result.stderr || result.stdout).trim();
    return {
      ok: false,
      reason: result.timedOut ? "it did not start in time" : printable(said || "it said nothing", 500),
    };
  } catch (error) {
    return { ok: false, reason: errorMessage(error) };
  }
}
