/** What every part of a turn's work needs to know of it. */

import { join } from "node:path";
import type { ActivityContext } from "../../core/activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { RunCodexTurnInput } from "../../core/coding.ts";
import { effectName } from "../../core/ids.ts";
import { jobPaths } from "../../core/job-paths.ts";
import type { ProcessEnd } from "../process.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import { type ProcessMark, turnMark } from "../process-marks.ts";
import type { CodexSettings } from "./codex-command.ts";
import { type CodexEvent, parseCodexEvent } from "./codex-events.ts";
import type { TurnRun } from "./turn-folder.ts";
import { watchTurn } from "./watch-turn.ts";

export interface Turn {
  readonly settings: CodexSettings;
  readonly input: RunCodexTurnInput;
  readonly context: ActivityContext;
  readonly clock: Clock;
  /** The same in every attempt. */
  readonly folder: string;
  /** Carried by every process of the turn, and by no other on this machine: its value is the folder's path. */
  readonly mark: ProcessMark;
  /** The event in a line of Codex's output, without secrets: a server's error may quote the key. */
  readonly readEvent: (line: string) => CodexEvent | undefined;
  /** Told of each event that is read while the turn is followed. */
  readonly onEvent: (event: CodexEvent) => void;
  /** `text` without the key, and whatever else is secret: before it is cut. */
  readonly redact: (text: string) => string;
}

/** A Codex process that runs now. */
export interface RunningCodex {
  readonly run: TurnRun;
  readonly identity: ProcessIdentity;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Undefined for a process that another orchestrator started: nobody will tell how it ends. */
  readonly ended: Promise<ProcessEnd> | undefined;
}

/** Where a turn keeps what it needs to be gone on with. */
export function turnFolder(
  repository: string,
  { jobId, effectId }: Pick<ActivityContext, "jobId" | "effectId">,
): string {
  return join(jobPaths(repository, jobId).turns, effectName(effectId));
}

export function makeTurn(
  settings: CodexSettings,
  clock: Clock,
  input: RunCodexTurnInput,
  context: ActivityContext,
): Turn {
  const folder = turnFolder(input.repository.root, context);
  const withoutKey = (text: string) => (settings.apiKey === "" ? text : text.replaceAll(settings.apiKey, "[key]"));
  const redact = (text: string) => context.redact(withoutKey(text));
  return {
    settings,
    input,
    context,
    clock,
    folder,
    mark: turnMark(folder),
    readEvent: (line) => parseCodexEvent(redact(line)),
    onEvent: watchTurn(settings.watch ?? {}, { jobId: context.jobId, name: input.worktree.name }, () => clock.now()),
    redact,
  };
}
