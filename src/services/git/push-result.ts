/** Pushes the result branch to the address that was read before any agent ran, and nothing else. */

import type { Activity, ActivityContext } from "../../core/activity.ts";
import type { PushResultInput, PushResultOutput } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { resultBranch } from "../../core/job-paths.ts";
import { createRedactor } from "../../core/redact.ts";
import { Git } from "./git.ts";
import { pushEnvironment } from "./git-environment.ts";
import { pushConfigPath } from "./job-git-directory.ts";
import { checkedId, type JobRepository, limits, openJobRepository } from "./job-repository.ts";
import { fullAddress, secretParts } from "./push-address.ts";
import { branchRef } from "./refs.ts";
import { refuseCredentials, type ScanSettings } from "./refuse-credentials.ts";

const PUSH_LIMIT_MS = 10 * 60_000;

/** No tags, no submodules, no signature that asks for a passphrase, no transport that is a command line. */
const ONLY_THE_COMMIT = [
  "push.followTags=false",
  "push.recurseSubmodules=no",
  "push.gpgSign=false",
  "protocol.ext.allow=never",
].flatMap((setting) => ["-c", setting]);

/** Makes the activity. Nothing is pushed that holds what looks like a credential: see `refuseCredentials`. */
export function createPushResult(settings: ScanSettings): Activity<PushResultInput, PushResultOutput> {
  return async (input, context) => {
    const job = openJobRepository(input.repository, context);
    const { push, baseCommit } = job.repository;
    if (push === null) throw new OrchError("this job has no remote to push to", { code: "push-not-asked" });
    if (input.branch !== resultBranch(context.jobId)) {
      throw new OrchError(`"${printable(input.branch)}" is not the result branch of this job`, {
        code: "bad-git-input",
      });
    }
    await refuseCredentials(job, { base: baseCommit, head: checkedId(input.commit), remote: push.remote }, settings);
    await pushCommit(job, { remote: push.remote, address: await fullAddress(job, push), ...input }, context);
    return { remote: push.remote };
  };
}

interface PushRequest {
  readonly remote: string;
  readonly address: string;
  readonly branch: string;
  readonly commit: string;
}

/**
 * Runs in the orchestrator's own git directory: what stands in the repository's configuration now (another address by
 * `insteadOf`, a hook, an ssh command) has no say. Credentials come from where they came from when the job began: the
 * user's own and the system's configuration, which agents cannot write, and the repository's credential and ssh
 * settings as `prepareJob` copied them.
 */
async function pushCommit(job: JobRepository, request: PushRequest, context: ActivityContext): Promise<void> {
  const { gitDir, root } = job.repository;
  const { remote, address, branch, commit } = request;
  const git = new Git({
    gitDir: job.paths.git,
    environment: { ...pushEnvironment(), GIT_OBJECT_DIRECTORY: `${gitDir}/objects` },
    ...limits(context),
  });
  const args = [
    ...ONLY_THE_COMMIT,
    ...["-c", `include.path=${pushConfigPath(job)}`],
    ...["push", "--porcelain", "--no-verify", "--no-force-with-lease", "--"],
    ...[address, `${checkedId(commit)}:${branchRef(branch)}`],
  ];
  // A path without a scheme is relative to the checkout.
  const result = await git.attempt(args, { cwd: root, timeoutMs: PUSH_LIMIT_MS });
  if (result.exitCode === 0) return;
  const said = context.redact(withoutLogin(`${result.stdout}\n${result.stderr}`, address));
  if (/^!\t.*\[(?:remote )?rejected\]/m.test(said)) throw rejected(remote, branch, said);
  const reason = said.split("\n").find((line) => /^(?:fatal|error|ERROR|remote): /.test(line)) ?? said.trim();
  throw new OrchError(`${branch} could not be pushed to ${remote}: ${printable(reason, 300)}`, {
    code: "push-failed",
    hint: `see that "git push ${remote}" works, then resume the job`,
    retryable: true,
    details: { output: said.slice(-2000) },
  });
}

function rejected(remote: string, branch: string, said: string): OrchError {
  const reason = /^!\t.*\[(?:remote )?rejected\] ?(.*)$/m.exec(said)?.[1] ?? "";
  return new OrchError(`${remote} refused ${branch}: ${printable(reason, 300) || "rejected"}`, {
    code: "push-rejected",
    hint: `look at ${branch} on ${remote}: orch never overwrites a branch there; delete or rename it, or push by hand`,
    details: { output: said.slice(-2000) },
  });
}

/** An address can hold a password or a token, and git, or the server, repeats it in what it says. */
function withoutLogin(text: string, address: string): string {
  return createRedactor(secretParts(address))(text.replace(/:\/\/[^/\s@]+@/g, "://***@"));
}
