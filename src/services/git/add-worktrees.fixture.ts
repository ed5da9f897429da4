/** A program for a test: an orchestrator of its own that adds worktrees to the repository it is given. */

import { fakeContext } from "../testing/fake-context.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { prepareJob } from "./prepare-job.ts";
import { prepareWorktree } from "./prepare-worktree.ts";

const [root = "", jobId = "", count = "0"] = process.argv.slice(2);
const repository = await inspectRepository({ path: root, jobId });
await prepareJob({ repository }, fakeContext({ jobId }));
const names = Array.from({ length: Number(count) }, (_, index) => `part-${index}`);
await Promise.all(
  names.map((name) => {
    const input = { repository, name, branch: `orch/${jobId}/${name}`, startCommit: repository.baseCommit, copy: [] };
    return prepareWorktree(input, fakeContext({ jobId, effectId: `${jobId}:${name}:0` }));
  }),
);
