/** Follows a Codex process to the end of its turn, reports what it does, and makes a result or an error of how it ended. */

import type { RunCodexTurnOutput } from "../../core/coding.ts";
import { formatDuration } from "../../core/durations.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { Json } from "../../core/json.ts";
import type { ProcessEnd } from "../process.ts";
import { isAlive } from "../process-identity.ts";
import { DEFAULT_MAX_PROCESSES, watchProcesses } from "../process-limit.ts";
import { isThreadLost, turnError } from "./codex-errors.ts";
import type { CodexEvent } from "./codex-events.ts";
import { readTail, STDERR_TAIL } from "./file-tail.ts";
import { type FollowEnd, followTurn } from "./follow-turn.ts";
import type { RunningCodex, Turn } from "./turn.ts";
import { advance, freshTurn, type TurnState } from "./turn-state.ts";

/** What a turn that ended here came to: its thread is known. */
export type EndedTurn = RunCodexTurnOutput & { readonly threadId: string };

/** Characters of the agent's last message that the job keeps. The whole of it is in the turn's folder. */
const LONGEST_MESSAGE = 4_000;
const HEARTBEAT_MS = 5_000;

/**
 * Returns the turn's result, or `thread-lost` when Codex does not know the thread it was to go on with. Throws when the
 * turn failed or passed a limit (an `OrchError`) and when the activity is stopped; the process may still run then.
 */
export async function followToResult(turn: Turn, running: RunningCodex): Promise<EndedTurn | "thread-lost"> {
  const { context, clock, input } = turn;
  let state = freshTurn;
  let end: ProcessEnd | undefined;
  let heartbeatAt = Number.NEGATIVE_INFINITY;
  let reported: TurnState | undefined;
  let saved = Promise.resolve();
  running.ended?.then((result) => {
    end = result;
  });
  const save = () => {
    saved = context.checkpoint(details(state, running));
    // Its failure is met where it is awaited.
    saved.catch(() => {});
  };
  const onEvent = (event: CodexEvent) => {
    state = advance(state, event);
    turn.onEvent(event);
    if (event.type === "thread-started") save();
    if (event.type === "turn-completed") recordUsage(turn, state);
  };
  const onTick = async () => {
    await saved;
    if (state === reported && clock.now() - heartbeatAt < HEARTBEAT_MS) return;
    reported = state;
    heartbeatAt = clock.now();
    context.heartbeat(details(state, running));
  };
  const maxProcesses = turn.settings.maxProcesses ?? DEFAULT_MAX_PROCESSES;
  using watch = watchProcesses(running.identity.pid, turn.mark, { maxProcesses });
  const stopped = await followTurn({
    eventsFile: running.run.events,
    hasEnded: async () => (running.ended ? end !== undefined : !(await isAlive(running.identity))),
    ended: running.ended,
    readEvent: turn.readEvent,
    onEvent,
    onTick,
    signal: context.signal,
    clock,
    log: context.log,
    startedAt: running.startedAt,
    silenceMs: input.silenceMs,
    limitMs: input.limitMs,
  });
  await saved;
  context.heartbeat(details(state, running));
  if (state.completed && state.threadId !== null) return turnOutput(state);
  if (watch.exceeded !== undefined) throw tooManyProcesses(watch.exceeded, maxProcesses);
  throwIfLimited(stopped, turn, state);

  const stderr = turn.redact(await readTail(running.run.stderr, STDERR_TAIL));
  if (state.threadId === null && isThreadLost(stderr)) return "thread-lost";
  const said = state.failure ?? (end?.exitCode ? state.lastError : null);
  throw turnError({ said, stderr, end }, turn.clock.now());
}

/** Notes what the thread has cost so far, if Codex has said it. */
export function recordUsage(turn: Turn, { threadId, usage }: TurnState): void {
  if (threadId !== null && usage) turn.context.recordUsage(threadId, usage);
}

/** The result of a completed turn. */
export function turnOutput(state: TurnState): EndedTurn {
  const { message } = state;
  return {
    threadId: state.threadId as string,
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message,
  };
}

function tooManyProcesses(found: number, limit: number): OrchError {
  return new OrchError(`the agent had ${found} processes at a time and was ended; the limit is ${limit}`, {
    code: "too-many-processes",
    retryable: false,
    hint: "see in the turn's folder what it ran; if that was meant, allow more with maxProcesses, then retry the subtask",
  });
}

function details(state: TurnState, { identity }: RunningCodex): Json {
  return {
    threadId: state.threadId,
    pid: identity.pid,
    line: state.line,
    usage: state.usage && { ...state.usage },
  };
}

function throwIfLimited(stopped: FollowEnd, { input }: Turn, state: TurnState): void {
  const last = state.lastError === null ? "" : `; its last error: ${printable(state.lastError, 300)}`;
  if (stopped === "silent") {
    throw new OrchError(`Codex did nothing for ${formatDuration(input.silenceMs)} and was ended${last}`, {
      code: "codex-turn-silent",
      retryable: true,
      hint: "a command that takes this long needs a longer turnSilence",
    });
  }
  if (stopped === "too-long") {
    throw new OrchError(`Codex's turn took longer than ${formatDuration(input.limitMs)} and was ended${last}`, {
      code: "codex-turn-too-long",
      retryable: true,
      hint: "make the subtask smaller, or turnLimit longer",
    });
  }
}
