/** Finds what was kept of a worktree by an effect: the commit under `refs/orch/<jobId>/<worktree>/<effect>`. */

import { effectName } from "../../core/ids.ts";
import { keepRef } from "../../core/job-paths.ts";
import type { JobRepository } from "./job-repository.ts";

/** Null if nothing was. Of several (an attempt that was killed kept its own), the newest: its result is the one that counts. */
export async function findKept(
  job: JobRepository,
  kept: { readonly jobId: string; readonly worktree: string; readonly effectId: string },
): Promise<string | null> {
  const name = keepRef(kept.jobId, `${kept.worktree}/${effectName(kept.effectId)}`);
  const listed = await job.refs.run(["for-each-ref", "--format=%(refname) %(objectname)", name, `${name}-*`]);
  const copies = listed.split("\n").flatMap((line) => {
    const [ref = "", commit = ""] = line.split(" ");
    const copy = ref === name ? 1 : Number(/^-([2-9]|[1-9]\d+)$/.exec(ref.slice(name.length))?.[1] ?? 0);
    return copy > 0 ? [{ copy, commit }] : [];
  });
  return copies.sort((a, b) => b.copy - a.copy)[0]?.commit ?? null;
}
