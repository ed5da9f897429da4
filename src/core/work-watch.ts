/** What somebody who watches the work itself is told while it goes on. It is shown, never kept: the logs hold the same. */

/** Who works: `name` is the worktree's (a subtask's id, `result`), or `planner`. */
export interface Worker {
  readonly jobId: string;
  readonly name: string;
}

export interface ToolCall {
  /** As whoever called it knows it: `run_repo_command`, `shell`, `setup` … */
  readonly tool: string;
  readonly arguments: string;
  /** `exit code 0`, `refused` …; empty if the tool says nothing of it. */
  readonly outcome: string;
  /** Milliseconds, as far as they are known here: what Codex prints carries no times. */
  readonly tookMs: number | null;
}

export interface WorkWatch {
  /** Lines for a person of what an agent printed. Without secrets, and harmless to a terminal. */
  readonly onOutput?: ((worker: Worker, lines: readonly string[]) => void) | undefined;
  /** A call that has ended. Its texts are as the agent wrote them. */
  readonly onToolCall?: ((worker: Worker, call: ToolCall) => void) | undefined;
  /** An engine has something to do (false), or all of its jobs only wait (true). In turns; the first is false. */
  readonly onRest?: ((isResting: boolean) => void) | undefined;
}
