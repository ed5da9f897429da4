/** Tells what a coding job does, in the words of `core/protocol.ts`, from what the engine has committed. */

import type { CodingJobContext } from "../../workflows/coding-job.ts";
import type { BoardEntry } from "../../workflows/subtask-board.ts";
import type { Conflict, RunCommandsOutput } from "../core/coding.ts";
import type { ErrorData } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { JobEvent } from "../core/protocol.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import type { JobUpdate } from "../engine/job-update.ts";
import type { Step } from "../store/store.ts";

type Phase = Extract<JobEvent, { type: "job.phase" }>["phase"];
type SubtaskOutcome = Extract<JobEvent, { type: "subtask.finished" }>["status"];

const PHASES: readonly string[] = [
  "preparing",
  "planning",
  "working",
  "merging",
  "verifying",
  "describing",
  "pushing",
] satisfies Phase[];

const OUTCOMES: readonly string[] = ["done", "failed", "blocked", "skipped"] satisfies SubtaskOutcome[];

export class JobEvents {
  readonly #jobId: string;
  #state: string | undefined;
  #board: readonly BoardEntry[];
  /** The last progress of each subtask: said once. */
  readonly #lines = new Map<string | null, string>();

  /** @param snapshot where the job stands already: that is not told again; null for a new job */
  constructor(jobId: string, snapshot: PersistedSnapshot | null) {
    this.#jobId = jobId;
    const context = snapshot && contextOf(snapshot);
    this.#state = snapshot ? topState(snapshot.value) : undefined;
    this.#board = context?.board ?? [];
  }

  /** Where a job that is gone on with stands: what it waits for, or which part of its work it is at. */
  standing(): readonly JobEvent[] {
    return this.#state === undefined ? [] : this.#stateEvents(this.#state);
  }

  take(update: JobUpdate): readonly JobEvent[] {
    const jobId = this.#jobId;
    switch (update.type) {
      case "step":
        return update.step.actorId === ROOT_ACTOR ? this.#rootStep(update.step) : this.#childStep(update.step);
      case "heartbeat": {
        const { line } = update.details as { readonly line?: unknown };
        const id = subtaskOf(update.activity.actorId);
        if (typeof line !== "string" || line === "" || line === this.#lines.get(id)) return [];
        this.#lines.set(id, line);
        return [{ type: "progress", jobId, id, line: printable(line, 200) }];
      }
      case "retry": {
        const id = subtaskOf(update.activity.actorId);
        return [{ type: "retry", jobId, id, error: toEventError(update.error), at: update.dueAt }];
      }
      case "attempt":
        return [];
    }
  }

  #rootStep(step: Step): JobEvent[] {
    const context = contextOf(JSON.parse(step.snapshot) as PersistedSnapshot);
    const plan = this.#planEvents(step, context);
    const board = this.#boardEvents(context.board);
    const isStart = ({ type }: JobEvent) => type === "subtask.started";
    // What ends belongs to the part of the work that is left, what begins to the new one.
    return [
      ...plan,
      ...board.filter((event) => !isStart(event)),
      ...this.#verifyEvents(step),
      ...this.#phaseEvents(topState(step.state)),
      ...board.filter(isStart),
    ];
  }

  #planEvents(step: Step, { summary, board }: CodingJobContext): JobEvent[] {
    const { type } = step.event as { readonly type: string };
    if (this.#state !== "planning" || type !== "xstate.done.actor.plan") return [];
    this.#board = board.map((entry) => ({ ...entry, status: "pending" }));
    const subtasks = board.map(({ id, title, dependsOn }) => ({ id, title, dependsOn: [...dependsOn] }));
    return [{ type: "plan.ready", jobId: this.#jobId, summary, subtasks }];
  }

  #boardEvents(board: readonly BoardEntry[]): JobEvent[] {
    const before = new Map(this.#board.map((entry) => [entry.id, entry]));
    this.#board = board;
    return board.flatMap((entry): JobEvent[] => {
      const { id, title, status, commit, stat, error } = entry;
      const jobId = this.#jobId;
      if (status === before.get(id)?.status) return [];
      if (status === "running") return [{ type: "subtask.started", jobId, id, title }];
      if (!OUTCOMES.includes(status)) return [];
      const outcome = status as SubtaskOutcome;
      const reason = error && toEventError(error);
      return [{ type: "subtask.finished", jobId, id, title, status: outcome, commit, stat, error: reason }];
    });
  }

  #verifyEvents(step: Step): JobEvent[] {
    const { type, output } = step.event as unknown as { type: string; output?: RunCommandsOutput };
    if (type !== "xstate.done.actor.verify" || !output?.failure) return [];
    const { command, exitCode } = output.failure;
    return [{ type: "verify.failed", jobId: this.#jobId, command, exitCode }];
  }

  #phaseEvents(state: string): JobEvent[] {
    if (state === this.#state) return [];
    this.#state = state;
    return this.#stateEvents(state);
  }

  #stateEvents(state: string): JobEvent[] {
    const jobId = this.#jobId;
    if (state === "awaitingApproval") return [{ type: "job.waiting", jobId, for: "approval" }];
    return PHASES.includes(state) ? [{ type: "job.phase", jobId, phase: state as Phase }] : [];
  }

  #childStep(step: Step): JobEvent[] {
    const { type, output } = step.event as { type: string; output?: { conflict?: Conflict | null } };
    if (type !== "xstate.done.actor.integrate" || !output?.conflict) return [];
    const { subtaskId, files } = output.conflict;
    const id = subtaskOf(step.actorId);
    return [{ type: "merge.conflict", jobId: this.#jobId, id, subtaskId, files: [...files] }];
  }
}

/** What a program is told of an error: no stack, no causes. */
export function toEventError({ message, code, hint }: ErrorData): {
  message: string;
  code?: string;
  hint?: string;
} {
  return { message, ...(code !== undefined && { code }), ...(hint !== undefined && { hint }) };
}

/** The subtask that an actor belongs to; null for the job's own. A subtask is a child of the root by its own id. */
function subtaskOf(actorId: string): string | null {
  const child = actorId.split("/")[1];
  return child === undefined || child === "integration" ? null : decodeURIComponent(child);
}

function topState(value: Json): string {
  if (typeof value === "string") return value;
  return Object.keys(value as Record<string, Json>)[0] ?? "";
}

function contextOf(snapshot: PersistedSnapshot): CodingJobContext {
  return snapshot.context as unknown as CodingJobContext;
}
