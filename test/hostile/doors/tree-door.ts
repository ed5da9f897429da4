/** The orchestrator's git, on a tree that an agent wrote: everything that it does between an agent's turn and the push. */

import { execFileSync } from "node:child_process";
import { resultBranch } from "../../../src/core/job-paths.ts";
import { checkWork } from "../../../src/services/git/check-work.ts";
import { commitWork } from "../../../src/services/git/commit-work.ts";
import { describeResult } from "../../../src/services/git/describe-result.ts";
import { integrate } from "../../../src/services/git/integrate.ts";
import { prepareJob } from "../../../src/services/git/prepare-job.ts";
import { prepareWorktree } from "../../../src/services/git/prepare-worktree.ts";
import { createPushResult } from "../../../src/services/git/push-result.ts";
import { changedFiles, diffstat, showDiff } from "../../../src/services/git/show-diff.ts";
import { fakeContext } from "../../../src/services/testing/fake-context.ts";
import { runPlainly } from "../run-plainly.ts";
import type { TreeTrick } from "../trick.ts";
import { JOB, type World } from "../world.ts";
import type { Door } from "./door.ts";

/** What a person, or an orchestrator that takes no care, does with a worktree in which somebody worked. */
const PLAIN_USE = [
  "git status",
  "git stash list",
  "git diff",
  "git add -A",
  "git commit -qm work",
  "git diff HEAD~1",
  "git log -p -1 --show-signature",
  "git checkout -q -b next",
  "git -C {checkout} merge --no-edit side",
  "git -C {checkout} merge --no-edit orch/job-1/left",
  "git -C {checkout} rebase HEAD~1",
  "git push origin HEAD:refs/heads/result-job-1",
];

export const treeDoor: Door<TreeTrick> = {
  batch: 40,
  setupFolder: (world) => world.worktree.path,

  async open(world, guarded) {
    // What comes in beside, so that there is something to merge.
    world.sh(
      "git checkout -q -b side && echo s > s.txt && git add -A && git commit -qm side && git checkout -q trunk",
      world.checkout,
    );
    if (guarded) {
      const { repository } = world;
      const { name, branch } = world.worktree;
      await prepareJob({ repository }, step(1));
      const startCommit = repository.baseCommit;
      await prepareWorktree({ repository, name, branch, startCommit, copy: [] }, step(2));
    } else {
      world.addWorktree();
    }
    world.sh("echo work > work.txt", world.worktree.path);
  },

  async withGuard(_tricks, world) {
    const { repository, worktree } = world;
    const head = repository.baseCommit;
    const checked = await checkWork({ repository, worktree, head }, step(3));
    await showDiff({ repository, jobId: JOB, from: head, to: checked.tree });
    // As the job's machine does: work that is not right goes back to the agent.
    if (checked.problems.length > 0) return;
    const work = { repository, worktree, head, tree: checked.tree, title: "Work", body: "" };
    const { head: commit } = await commitWork(work, step(4));
    const branch = resultBranch(JOB);
    const result = { repository, name: "result", branch, startCommit: head, copy: [] };
    const resultTree = await prepareWorktree(result, step(5));
    const incoming = [
      { subtaskId: "side", commit: sideOf(world) },
      { subtaskId: "left", commit },
    ];
    const merged = await integrate({ repository, worktree: resultTree, head, incoming }, step(6));
    await checkWork({ repository, worktree: resultTree, head: merged.head }, step(7));
    const range = { repository, jobId: JOB, from: head, to: merged.head };
    await Promise.all([describeResult({ repository, head: merged.head }, step(8)), showDiff(range), diffstat(range)]);
    await changedFiles(range);
    // Refused is as good as pushed: what counts is what arrived.
    const pushResult = createPushResult({ secrets: [], allowed: [] });
    await pushResult({ repository, branch, commit: merged.head }, step(9)).catch((error: unknown) => {
      world.told += String(error);
    });
  },

  async withoutGuard(tricks, world) {
    const controls = tricks.flatMap(({ id, trick }) => (trick.control ? [world.fill(trick.control, id)] : []));
    // One after the other, whatever becomes of each.
    const script = [...PLAIN_USE.map((use) => world.fill(use, "")), ...controls].join("\n");
    const { environment: env } = world;
    world.told += await runPlainly("bash", ["-c", script], { cwd: world.worktree.path, env, limitMs: 240_000 });
  },
};

const step = (number: number) => fakeContext({ jobId: JOB, effectId: `${JOB}:${number}:0` });

/** Read past whatever was planted in the checkout. */
function sideOf({ checkout }: World): string {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", ["rev-parse", "refs/heads/side"], { cwd: checkout, encoding: "utf8", env }).trim();
}
