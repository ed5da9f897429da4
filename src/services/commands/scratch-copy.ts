/** A copy of a worktree for one command that runs code: whatever it leaves behind is thrown away with the copy. */

import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { type ProcessResult, runProcess } from "../process.ts";

export interface ScratchCopy extends AsyncDisposable {
  /** Absolute path of the copied worktree. */
  readonly tree: string;
  /** Absolute path of an empty folder beside it. */
  readonly temporary: string;
  /** Absolute path of the folder that both are in: the command may not write there. */
  readonly folder: string;
}

const COPY_LIMIT_MS = 5 * 60_000;

/**
 * Copies `root` into a new folder below `folder`, links as links. With the worktree's `.git` file in it, git answers there as
 * it does in the worktree; but git's data is outside of the copy.
 *
 * @throws OrchError `scratch-copy-failed`
 */
export async function makeScratchCopy(root: string, folder: string, signal?: AbortSignal): Promise<ScratchCopy> {
  const own = join(folder, randomBytes(6).toString("hex"));
  const [tree, temporary] = [join(own, "tree"), join(own, "tmp")];
  const remove = () => removeScratch(own);
  try {
    await mkdir(tree, { recursive: true, mode: 0o700 });
    await mkdir(temporary, { mode: 0o700 });
    // The system's own: it shares the blocks where the file system can, and an abort ends it.
    const copied = await runTool("cp", ["-a", "--", `${root}/.`, tree], COPY_LIMIT_MS, signal);
    if (copied.exitCode === 0) return { tree, temporary, folder: own, [Symbol.asyncDispose]: remove };
    const said = copied.timedOut ? "it took too long" : printable(copied.stderr.trim(), 300);
    throw new OrchError(`the worktree could not be copied for a command to run in: ${said}`, {
      code: "scratch-copy-failed",
      retryable: true,
      hint: "is the disk full?",
    });
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Also what took away its own permissions. What cannot be removed goes with the job's folder. */
export async function removeScratch(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await runTool("chmod", ["-R", "u+rwX", "--", folder], COPY_LIMIT_MS);
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

function runTool(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ProcessResult> {
  return runProcess({
    command,
    args,
    cwd: "/",
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" },
    timeoutMs,
    maxOutputBytes: 64 * 1024,
    overflow: "keep-tail",
    ...(signal && { signal }),
  });
}
