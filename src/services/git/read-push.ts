/** Finds where a result is to be pushed, before any agent can change what the configuration says. */

import type { Repository } from "../../core/coding.ts";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { Lookup } from "./find-repository.ts";
import { toPush } from "./push-address.ts";

/** `wanted`: a remote's name, or true for the one that git would push `branch` to. */
export async function readPush(
  lookup: Lookup,
  branch: string | null,
  wanted: string | true,
): Promise<NonNullable<Repository["push"]>> {
  const remotes = (await lookup.line(["remote"])).split("\n").filter(Boolean);
  const remote = wanted === true ? await defaultRemote(lookup, branch, remotes) : wanted;
  if (remote === undefined || !remotes.includes(remote) || remote.startsWith("-")) {
    const missing =
      remotes.length === 0 ? "the repository has no remote" : `there is no remote "${printable(String(remote ?? ""))}"`;
    throw new UsageError(
      `the result cannot be pushed: ${remote === undefined && remotes.length > 0 ? "there are several remotes" : missing}`,
      {
        code: "no-remote",
        hint:
          remotes.length === 0
            ? "git remote add origin <address>, or leave --push-result out"
            : `name one of: ${remotes.map((name) => printable(name)).join(", ")}`,
      },
    );
  }
  const url = await lookup.line(["remote", "get-url", "--push", remote]);
  if (url === "" || url.startsWith("-")) {
    throw new UsageError(`remote ${printable(remote)} has no usable address`, {
      code: "no-remote",
      hint: `git remote set-url ${printable(remote)} <address>`,
    });
  }
  return toPush(remote, url);
}

/** Git's own order, then `origin`, then the only one there is. */
async function defaultRemote(
  lookup: Lookup,
  branch: string | null,
  remotes: readonly string[],
): Promise<string | undefined> {
  const keys = branch === null ? [] : [`branch.${branch}.pushRemote`, "remote.pushDefault", `branch.${branch}.remote`];
  for (const key of branch === null ? ["remote.pushDefault"] : keys) {
    const value = (await lookup.attempt(["config", "--get", key])).stdout.trim();
    if (remotes.includes(value)) return value;
  }
  if (remotes.includes("origin")) return "origin";
  return remotes.length === 1 ? remotes[0] : undefined;
}
