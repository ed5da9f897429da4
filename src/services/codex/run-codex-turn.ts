/** The activity `runCodexTurn`: one turn of an agent, which survives the death of the orchestrator and of Codex itself. */

import { type Activity, type ActivityContext, throwIfStopped } from "../../core/activity.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import type { Plan, RunCodexTurnInput } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { signalGroup } from "../process.ts";
import { isAlive } from "../process-identity.ts";
import { turnMark } from "../process-marks.ts";
import { endProcessTree, wakeMarked } from "../process-tree.ts";
import type { CodexSettings } from "./codex-command.ts";
import { GO_ON, isContinued, type PromptInput, restartPrompt, turnPrompt } from "./prompts.ts";
import { type Ask, startCodex } from "./start-codex.ts";
import { makeTurn, type RunningCodex, type Turn, turnFolder } from "./turn.ts";
import { listRuns } from "./turn-folder.ts";
import { type EndedTurn, followToResult, recordUsage, turnOutput } from "./turn-result.ts";
import { type TurnStanding, threadOf, turnStanding } from "./turn-standing.ts";

export interface RunCodexTurnSettings extends CodexSettings {
  readonly clock?: Clock;
}

/**
 * Makes the activity. An attempt takes a turn up where it stands: a Codex process that still runs is adopted, one that
 * finished unseen is harvested without asking anything, one that died is continued on its thread, and only what never
 * started is started. However an attempt ends, no process of the turn is left; only when another orchestrator has taken
 * the job over, its processes are let go: they are the other's to follow, and to end.
 */
export function createRunCodexTurn(settings: RunCodexTurnSettings): Activity<RunCodexTurnInput, EndedTurn> {
  const { clock = systemClock } = settings;
  return async (input, context) => {
    const turn = makeTurn(settings, clock, input, context);
    let running: RunningCodex | undefined;
    try {
      throwIfStopped(context);
      return await takeUp(turn, (codex) => {
        running = codex;
      });
    } finally {
      if (running && isSuperseded(turn, running) && (await isAlive(running.identity))) {
        signalGroup(running.identity.pid, "SIGKILL");
      }
      await endProcessTree(running?.identity, turn.mark, context.holdsJob);
    }
  };
}

/** Ends the agent that an attempt whose orchestrator died left running. */
export async function endLeftCodex({ repository }: RunCodexTurnInput, context: ActivityContext): Promise<void> {
  const folder = turnFolder(repository.root, context);
  await endProcessTree(undefined, turnMark(folder), context.holdsJob);
}

/**
 * Whether another orchestrator has the job and began a process after this one: it came to look before this one was there.
 * Two of them would work on the same turn. It has only just started, so its group is all of it.
 */
function isSuperseded({ context, folder }: Turn, { run }: RunningCodex): boolean {
  return !context.holdsJob() && listRuns(folder).some(({ number }) => number > run.number);
}

async function takeUp(turn: Turn, onRunning: (codex: RunningCodex) => void): Promise<EndedTurn> {
  const standing = await turnStanding(turn);
  if (standing.kind === "finished") {
    turn.context.log.info("Codex finished its turn unseen; its result is taken from its output");
    recordUsage(turn, standing.state);
    return turnOutput(standing.state);
  }
  if (standing.kind === "elsewhere") throw elsewhere(standing);
  const first = standing.kind === "running" ? await adopt(turn, standing) : await start(turn, standing);
  onRunning(first);
  throwIfStopped(turn.context);
  const result = await followToResult(turn, first);
  if (result !== "thread-lost") return result;

  turn.context.log.warn("Codex does not know the thread any more; the turn starts anew");
  const second = await startCodex(turn, first.run.number + 1, {
    prompt: restartPrompt(promptInput(turn)),
    threadId: null,
  });
  onRunning(second);
  const anew = await followToResult(turn, second);
  if (anew !== "thread-lost") return anew;
  throw new OrchError("Codex does not know a thread that it has just begun", { code: "codex-failed", retryable: true });
}

async function adopt(turn: Turn, standing: Extract<TurnStanding, { kind: "running" }>): Promise<RunningCodex> {
  const { run, identity, startedAt = turn.clock.now() } = standing;
  // Whoever goes on with a job wants its agents to go on, also one that somebody has stopped.
  await wakeMarked(turn.mark);
  turn.context.log.info("Codex still runs from before; its output is followed", { pid: identity.pid });
  return { run, identity, startedAt, ended: undefined };
}

async function start(
  turn: Turn,
  standing: Extract<TurnStanding, { kind: "never-started" | "died" }>,
): Promise<RunningCodex> {
  const before = threadOf(turn.context.lastHeartbeat) ?? turn.input.threadId;
  // What a dead Codex left running would work on beside the next one, and so would one whose folder somebody removed.
  await endProcessTree(undefined, turn.mark, turn.context.holdsJob);
  if (standing.kind === "never-started") return await startCodex(turn, 1, ask(turn, before, false));
  return await startCodex(turn, standing.lastRun + 1, ask(turn, standing.threadId ?? before, standing.answered));
}

/** Nobody here can know whether that process still works: who can, is asked. */
function elsewhere({ host, pid }: Extract<TurnStanding, { kind: "elsewhere" }>): OrchError {
  return new OrchError(
    `Codex was started for this turn on ${printable(host)} and may still run there (process ${pid})`,
    {
      code: "codex-turn-elsewhere",
      retryable: true,
      hint: `see to it on ${printable(host)}: "orch ps" shows it; when it has ended, retry the subtask, or resume the job there`,
    },
  );
}

function ask(turn: Turn, threadId: string | null, answered: boolean): Ask {
  if (answered) return { threadId, prompt: GO_ON };
  const input = promptInput(turn);
  // The request goes on with a thread that stayed with the job which this one was forked from: the new one knows nothing.
  const isOrphan = turn.input.threadId === null && isContinued(input.request);
  // A thread in which the model never answered may not hold its instructions: they are given again.
  return { threadId, prompt: isOrphan ? restartPrompt(input) : turnPrompt(input) };
}

function promptInput({ input, context }: Turn): PromptInput {
  const plan = context.getArtifact("plan") as Plan | undefined;
  return { request: input.request, plan, worktree: input.worktree.name };
}
