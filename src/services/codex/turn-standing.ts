/** Where a turn stands when an attempt begins: an earlier attempt, of a process that is gone, may have started it. */

import { hostname } from "node:os";
import type { Json } from "../../core/json.ts";
import { isAlive, type ProcessIdentity } from "../process-identity.ts";
import { findMarkedRoot } from "../process-tree.ts";
import { LineReader } from "./line-reader.ts";
import type { Turn } from "./turn.ts";
import { listRuns, type RunProcessRecord, readRunProcess, type TurnRun } from "./turn-folder.ts";
import { advance, freshTurn, type TurnState } from "./turn-state.ts";

export type TurnStanding =
  | { readonly kind: "never-started" }
  /** A Codex process of an earlier attempt still runs: its output is followed to its end. */
  | {
      readonly kind: "running";
      readonly run: TurnRun;
      readonly identity: ProcessIdentity;
      readonly startedAt: number | undefined;
    }
  /** Its process was started on another machine, and has not finished as far as its output shows. */
  | { readonly kind: "elsewhere"; readonly host: string; readonly pid: number }
  /** It finished, and nobody saw it: the result is in the file. */
  | { readonly kind: "finished"; readonly run: TurnRun; readonly state: TurnState }
  /** It ended before its turn was done. */
  | {
      readonly kind: "died";
      readonly lastRun: number;
      readonly threadId: string | null;
      /** Whether the thread knows its instructions. */
      readonly answered: boolean;
    };

export async function turnStanding({ folder, mark, readEvent }: Turn): Promise<TurnStanding> {
  const runs = listRuns(folder);
  const last = runs.at(-1);
  if (!last) return { kind: "never-started" };

  const record = readRunProcess(last);
  const isHere = record === undefined || record.host === hostname();
  // Without a record, the orchestrator died between the start of the process and the writing of the record.
  const identity = record ? await aliveHere(record) : await findMarkedRoot(mark, last.events);
  if (identity) return { kind: "running", run: last, identity, startedAt: record?.startedAt };

  const states = await Promise.all(runs.map(({ events }) => readTurnState(events, readEvent)));
  const state = states.at(-1) as TurnState;
  if (state.completed && state.threadId !== null) return { kind: "finished", run: last, state };
  if (!isHere) return { kind: "elsewhere", host: record.host, pid: record.identity.pid };
  const threadId = states.findLast((known) => known.threadId !== null)?.threadId ?? null;
  return {
    kind: "died",
    lastRun: last.number,
    threadId,
    answered: states.some((known) => known.answered && known.threadId === threadId),
  };
}

async function aliveHere({ host, identity }: RunProcessRecord): Promise<ProcessIdentity | undefined> {
  return host === hostname() && (await isAlive(identity)) ? identity : undefined;
}

/** The state of a turn by what its process has printed, all of it: it prints no more. */
async function readTurnState(eventsFile: string, readEvent: Turn["readEvent"]): Promise<TurnState> {
  const reader = new LineReader(eventsFile);
  let state = freshTurn;
  const take = (line: string, cut: boolean) => {
    const event = cut ? undefined : readEvent(line);
    if (event) state = advance(state, event);
  };
  try {
    await reader.read(take);
    // The disk was full just there: an event that can be read was said, half of one was not.
    reader.rest(take);
  } finally {
    await reader.close();
  }
  return state;
}

/** The thread that a heartbeat of an earlier attempt named. */
export function threadOf(heartbeat: Json | undefined): string | null {
  if (typeof heartbeat !== "object" || heartbeat === null || !("threadId" in heartbeat)) return null;
  return typeof heartbeat.threadId === "string" && isThreadId(heartbeat.threadId) ? heartbeat.threadId : null;
}

/** Codex takes any other word for the name of a thread, and silently begins a new one. */
function isThreadId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
