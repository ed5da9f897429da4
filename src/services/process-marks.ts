/** The marks by which processes of a job are known: environment variables that all which they start inherit. */

/** An environment variable that is given to one process only, and that everything it starts inherits. */
export interface ProcessMark {
  readonly name: string;
  /** Unique on this machine, or else the processes of others are ended. */
  readonly value: string;
}

const TURN = "ORCH_TURN";
const COMMANDS = "ORCH_COMMANDS";

export const MARK_NAMES: readonly string[] = [TURN, COMMANDS];

/** @param folder of the turn: `…/.codex/jobs/<jobId>/turns/<effect>` */
export const turnMark = (folder: string): ProcessMark => ({ name: TURN, value: folder });

/** @param worktree its path: `…/.codex/jobs/<jobId>/worktrees/<name>` */
export const commandsMark = (worktree: string, effectId: string): ProcessMark => ({
  name: COMMANDS,
  value: `${worktree}#${effectId}`,
});

/** What a mark says of the process that carries it. */
export interface MarkMeaning {
  /** `agent`: Codex and what it started; `command`: setup or verify. */
  readonly kind: "agent" | "command";
  /** Absolute path of the repository that the job works on. */
  readonly repository: string;
  readonly jobId: string;
  /** The effect's id, or, for an agent, its safe name. */
  readonly effect: string;
  /** Name of the worktree; null where the mark doesn't tell. */
  readonly worktree: string | null;
}

/** Undefined for anything that orch does not write. A repository may itself lie in a job's worktree: the last job counts. */
export function readMark({ name, value }: ProcessMark): MarkMeaning | undefined {
  const [, repository = "", jobId = "", folder, rest = ""] =
    /^(\/.*)\/\.codex\/jobs\/([^/]+)\/(turns|worktrees)\/([^/]+)$/s.exec(value) ?? [];
  if (name === TURN && folder === "turns") return { kind: "agent", repository, jobId, effect: rest, worktree: null };
  const [, worktree = "", effect = ""] = /^([^#]+)#(.+)$/s.exec(rest) ?? [];
  if (name !== COMMANDS || folder !== "worktrees" || worktree === "") return undefined;
  return { kind: "command", repository, jobId, effect, worktree };
}
