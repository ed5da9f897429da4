/** Keeps the user, the password and the token of a push address out of everything that is stored or said. */

import type { Repository } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { Git } from "./git.ts";
import { readingEnvironment } from "./git-environment.ts";
import type { JobRepository } from "./job-repository.ts";
import { limits } from "./job-repository.ts";

type Push = NonNullable<Repository["push"]>;

/** `https://user:token@host/x?key=1` is `https://host/x`. ssh keeps its user, which is no secret and says where to go. */
export function withoutCredentials(address: string): string {
  const [, scheme = "", authority = "", path = ""] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)(.*)$/is.exec(address) ?? [];
  if (scheme === "") return address;
  const at = authority.lastIndexOf("@");
  const [user = ""] = authority.slice(0, Math.max(0, at)).split(":");
  const isSsh = /ssh/i.test(scheme);
  const login = isSsh && user !== "" ? `${user}@` : "";
  return `${scheme}${login}${authority.slice(at + 1)}${isSsh ? path : path.replace(/[?#].*$/s, "")}`;
}

/** What of an address is stored with the job. */
export function toPush(remote: string, address: string): Push {
  const url = withoutCredentials(address);
  return { remote, url, ...(url !== address && { hasCredentials: true as const }) };
}

/**
 * The address to push to. One without credentials is as it was read before any agent ran. Credentials are read again
 * from the user's own configuration: they may have been renewed, but the place must be the same.
 *
 * @throws OrchError `push-address-changed`
 */
export async function fullAddress(job: JobRepository, push: Push): Promise<string> {
  if (!push.hasCredentials) return push.url;
  const { gitDir, root } = job.repository;
  const git = new Git({ gitDir, environment: readingEnvironment(), ...limits(job.scope) });
  const result = await git.attempt(["remote", "get-url", "--push", "--", push.remote], { cwd: root });
  const address = result.stdout.replace(/\n$/, "");
  if (result.exitCode === 0 && withoutCredentials(address) === push.url) return address;
  throw new OrchError(`remote ${printable(push.remote)} has another address than when the job began`, {
    code: "push-address-changed",
    hint: `put it back (git remote set-url ${printable(push.remote)} …), then retry and resume the job; nothing was pushed`,
  });
}

/** The parts of an address that git may repeat, to be taken out of what it says. */
export function secretParts(address: string): string[] {
  const [, userInfo = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/is.exec(address) ?? [];
  const colon = userInfo.indexOf(":");
  const password = colon === -1 ? "" : userInfo.slice(colon + 1);
  const isSsh = /^[a-z+]*ssh/i.test(address);
  const query = isSsh ? "" : (/\?(.*)$/s.exec(address)?.[1] ?? "");
  return [userInfo, password, isSsh ? "" : userInfo.slice(0, colon === -1 ? undefined : colon), query].filter(
    (part) => part !== "" && part !== "git",
  );
}
