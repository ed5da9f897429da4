/** Starts a Codex process for a turn, so that a later orchestrator can find it. */

import { hostname } from "node:os";
import { throwIfStopped } from "../../core/activity.ts";
import { startDetached } from "../process.ts";
import { identifyProcess } from "../process-identity.ts";
import { codexTurnCommand } from "./codex-command.ts";
import { turnError } from "./codex-errors.ts";
import { makeCodexHome } from "./codex-home.ts";
import { readTail, STDERR_TAIL } from "./file-tail.ts";
import type { RunningCodex, Turn } from "./turn.ts";
import { createRun, writeRunProcess } from "./turn-folder.ts";

export interface Ask {
  readonly prompt: string;
  /** The thread to ask in; null for a new one. */
  readonly threadId: string | null;
}

/** `number`: of the run, one more than the turn's last. */
export async function startCodex(turn: Turn, number: number, ask: Ask): Promise<RunningCodex> {
  const { settings, input, context } = turn;
  makeCodexHome(settings.codexHome);
  const run = createRun(turn.folder, number, ask.prompt);
  const { args, env } = codexTurnCommand(settings, {
    worktree: input.worktree.path,
    model: input.model,
    threadId: ask.threadId,
    jobId: context.jobId,
    effectId: context.effectId,
    mark: turn.mark,
    runFolder: run.folder,
  });
  const startedAt = turn.clock.now();
  // In the same breath as the start: an orchestrator that stood still meanwhile must not start what another one has.
  throwIfStopped(context);
  const { pid, ended } = await startDetached({
    command: settings.codexPath,
    args,
    cwd: input.worktree.path,
    env,
    stdinFile: run.prompt,
    stdoutFile: run.events,
    stderrFile: run.stderr,
  });
  const identity = await identifyProcess(pid);
  if (!identity) {
    // It ended before it could be looked at: what it said is all there is.
    const stderr = turn.redact(await readTail(run.stderr, STDERR_TAIL));
    throw turnError({ said: null, stderr, end: await ended }, turn.clock.now());
  }
  writeRunProcess(run, { identity, host: hostname(), startedAt });
  context.log.info(ask.threadId === null ? "started Codex" : "started Codex to go on with its thread", {
    pid,
    threadId: ask.threadId,
    run: number,
  });
  return { run, identity, startedAt, ended };
}
