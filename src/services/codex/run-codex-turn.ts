/** The activity `runCodexTurn`: one turn of an agent, which survives the death of the orchestrator and of Codex itself. */

import type { Activity } from "../../core/activity.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import type { Plan, RunCodexTurnInput, RunCodexTurnOutput } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import { endProcessTree } from "../process-tree.ts";
import type { CodexSettings } from "./codex-command.ts";
import { GO_ON, type PromptInput, restartPrompt, turnPrompt } from "./prompts.ts";
import { type Ask, startCodex } from "./start-codex.ts";
import { makeTurn, type RunningCodex, type Turn } from "./turn.ts";
import { followToResult, recordUsage, turnOutput } from "./turn-result.ts";
import { type TurnStanding, threadOf, turnStanding } from "./turn-standing.ts";

export interface RunCodexTurnSettings extends CodexSettings {
  readonly clock?: Clock;
}

/**
 * Makes the activity. An attempt takes a turn up where it stands: a Codex process that still runs is adopted, one that
 * finished unseen is harvested without asking anything, one that died is continued on its thread, and only what never
 * started is started. However an attempt ends, no process of the turn is left.
 */
export function createRunCodexTurn(settings: RunCodexTurnSettings): Activity<RunCodexTurnInput, RunCodexTurnOutput> {
  const { clock = systemClock } = settings;
  return async (input, context) => {
    const turn = makeTurn(settings, clock, input, context);
    let root: ProcessIdentity | undefined;
    try {
      context.signal.throwIfAborted();
      return await takeUp(turn, (identity) => {
        root = identity;
      });
    } finally {
      await endProcessTree(root, turn.mark);
    }
  };
}

async function takeUp(turn: Turn, onRunning: (root: ProcessIdentity) => void): Promise<RunCodexTurnOutput> {
  const standing = await turnStanding(turn);
  if (standing.kind === "finished") {
    turn.context.log.info("Codex finished its turn unseen; its result is taken from its output");
    recordUsage(turn, standing.state);
    return turnOutput(standing.state);
  }
  const first = standing.kind === "running" ? adopt(turn, standing) : await start(turn, standing);
  onRunning(first.identity);
  const result = await followToResult(turn, first);
  if (result !== "thread-lost") return result;

  turn.context.log.warn("Codex does not know the thread any more; the turn starts anew");
  const second = await startCodex(turn, first.run.number + 1, {
    prompt: restartPrompt(promptInput(turn)),
    threadId: null,
  });
  onRunning(second.identity);
  const anew = await followToResult(turn, second);
  if (anew !== "thread-lost") return anew;
  throw new OrchError("Codex does not know a thread that it has just begun", { code: "codex-failed", retryable: true });
}

function adopt(turn: Turn, standing: Extract<TurnStanding, { kind: "running" }>): RunningCodex {
  const { run, identity, startedAt = turn.clock.now() } = standing;
  turn.context.log.info("Codex still runs from before; its output is followed", { pid: identity.pid });
  return { run, identity, startedAt, ended: undefined };
}

async function start(
  turn: Turn,
  standing: Extract<TurnStanding, { kind: "never-started" | "died" }>,
): Promise<RunningCodex> {
  const before = threadOf(turn.context.lastHeartbeat) ?? turn.input.threadId;
  if (standing.kind === "never-started") return await startCodex(turn, 1, ask(turn, before, false));
  // What a dead Codex left running would work on beside the next one.
  await endProcessTree(undefined, turn.mark);
  return await startCodex(turn, standing.lastRun + 1, ask(turn, standing.threadId ?? before, standing.answered));
}

function ask(turn: Turn, threadId: string | null, answered: boolean): Ask {
  // A thread in which the model never answered may not hold its instructions: they are given again.
  return { threadId, prompt: answered ? GO_ON : turnPrompt(promptInput(turn)) };
}

function promptInput({ input, context }: Turn): PromptInput {
  const plan = context.getArtifact("plan") as Plan | undefined;
  return { request: input.request, plan, worktree: input.worktree.name };
}
