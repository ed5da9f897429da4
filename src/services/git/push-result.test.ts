import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import { type TempRepository, tempRepository } from "../../../test/support/temp-repository.ts";
import type { Repository } from "../../core/coding.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { prepareJob } from "./prepare-job.ts";
import { createPushResult } from "./push-result.ts";

const pushResult = createPushResult({ secrets: ["known-secret-4711"], allowed: [] });

interface Scene extends Disposable {
  readonly temp: TempRepository;
  readonly remote: string;
  readonly repository: Repository;
  readonly commit: string;
  push(commit?: string): Promise<unknown>;
  /** What the remote has, as `ref commit` lines. */
  refs(): string[];
}

async function scene(url: (temp: TempRepository) => string = () => "../remote.git"): Promise<Scene> {
  const temp = tempRepository({ name: "my repo" });
  const remote = join(temp.folder, "remote.git");
  temp.git(["init", "-q", "--bare", remote]);
  temp.git(["remote", "add", "origin", url(temp)]);
  const repository = await inspectRepository({ path: temp.root, pushRemote: true });
  await prepareJob({ repository }, fakeContext());
  const commit = temp.git(["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "The result"]).trim();
  return {
    temp,
    remote,
    repository,
    commit,
    push: (what = commit) => pushResult({ repository, branch: "result-job-1", commit: what }, fakeContext()),
    refs: () => temp.git(["for-each-ref", "--format=%(refname) %(objectname)"], remote).split("\n").filter(Boolean),
    [Symbol.dispose]: () => temp[Symbol.dispose](),
  };
}

test("exactly the result branch is pushed, and pushing it again is fine", async () => {
  using s = await scene();
  s.temp.git(["tag", "-a", "v1", "-m", "a tag", s.commit]);
  s.temp.git(["config", "push.followTags", "true"]);
  const before = fingerprint(s.temp.root);
  expect(await s.push()).toEqual({ remote: "origin" });
  expect(await s.push()).toEqual({ remote: "origin" });
  expect(s.refs()).toEqual([`refs/heads/result-job-1 ${s.commit}`]);
  expect(fingerprint(s.temp.root)).toEqual(before);
});

test("a branch on the remote is never overwritten", async () => {
  using s = await scene();
  const other = s.temp.commit({ "x.txt": "x\n" });
  s.temp.git(["push", "-q", "../remote.git", `${other}:refs/heads/result-job-1`]);
  await expect(s.push()).rejects.toMatchObject({ code: "push-rejected", retryable: false, hint: expect.any(String) });
  expect(s.refs()).toEqual([`refs/heads/result-job-1 ${other}`]);
});

test("a remote that refuses is told with its reason, one that is not there may be tried again", async () => {
  using s = await scene();
  writeFileSync(join(s.remote, "hooks/pre-receive"), "#!/bin/sh\necho 'no pushes on Sundays' >&2\nexit 1\n");
  chmodSync(join(s.remote, "hooks/pre-receive"), 0o755);
  await expect(s.push()).rejects.toMatchObject({
    code: "push-rejected",
    details: { output: expect.stringContaining("no pushes on Sundays") },
  });
  using gone = await scene((temp) => `${temp.folder}/gone.git`);
  await expect(gone.push()).rejects.toMatchObject({ code: "push-failed", retryable: true });
});

test("what the repository's configuration says after the job began has no say", async () => {
  using s = await scene();
  const canary = join(s.temp.folder, "canary");
  const elsewhere = join(s.temp.folder, "elsewhere.git");
  s.temp.git(["init", "-q", "--bare", elsewhere]);
  s.temp.git(["config", `url.${elsewhere}.insteadOf`, "../remote.git"]);
  s.temp.git(["remote", "set-url", "origin", elsewhere]);
  s.temp.git(["config", "core.sshCommand", `touch ${canary}`]);
  writeFileSync(join(s.temp.root, ".git/hooks/pre-push"), `#!/bin/sh\ntouch ${canary}\n`);
  chmodSync(join(s.temp.root, ".git/hooks/pre-push"), 0o755);
  await s.push();
  expect(s.refs()).toHaveLength(1);
  expect(s.temp.git(["for-each-ref"], elsewhere)).toBe("");
  expect(existsSync(canary)).toBe(false);
});

test("how the repository reaches its remote when the job begins is remembered, for its owner only", async () => {
  using temp = tempRepository();
  const ssh = join(temp.folder, "ssh");
  writeFileSync(ssh, `#!/bin/sh\necho "$@" > ${temp.folder}/asked\nexit 1\n`);
  chmodSync(ssh, 0o755);
  temp.git(["remote", "add", "origin", "ssh://user:secret@nowhere.invalid/x.git"]);
  temp.git(["config", "core.sshCommand", `${ssh} -i "my key"`]);
  const repository = await inspectRepository({ path: temp.root, pushRemote: true });
  await prepareJob({ repository }, fakeContext());
  temp.git(["config", "--unset", "core.sshCommand"]);
  const push = pushResult({ repository, branch: "result-job-1", commit: repository.baseCommit }, fakeContext());
  const error: unknown = await push.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "push-failed" });
  expect(JSON.stringify([error, repository])).not.toContain("secret");
  expect(readFileSync(join(temp.folder, "asked"), "utf8")).toContain("-i my key");
});

test("another branch, or a job that was not to push, is refused", async () => {
  using s = await scene();
  const { repository, commit } = s;
  await expect(pushResult({ repository, branch: "trunk", commit }, fakeContext())).rejects.toMatchObject({
    code: "bad-git-input",
  });
  await expect(pushResult({ repository, branch: "result-job-1", commit: "HEAD" }, fakeContext())).rejects.toMatchObject(
    { code: "bad-git-input" },
  );
  const input = { repository: { ...repository, push: null }, branch: "result-job-1", commit };
  await expect(pushResult(input, fakeContext())).rejects.toMatchObject({ code: "push-not-asked" });
  expect(s.refs()).toEqual([]);
});
