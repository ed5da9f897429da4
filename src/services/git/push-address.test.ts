import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempRepository } from "../../../test/support/temp-repository.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { openJobRepository } from "./job-repository.ts";
import { fullAddress, secretParts, withoutCredentials } from "./push-address.ts";

test.each([
  ["https://user:token@host/x.git", "https://host/x.git"],
  ["https://token@host:8443/x.git?access=abc#y", "https://host:8443/x.git"],
  ["https://us@er:to@ken@host/x.git", "https://host/x.git"],
  ["ssh://git:word@host:22/~x.git", "ssh://git@host:22/~x.git"],
  ["git+ssh://git@host/x?y", "git+ssh://git@host/x?y"],
  ["git@host:team/x.git", "git@host:team/x.git"],
  ["../remote.git", "../remote.git"],
  ["/srv/a@b/remote.git", "/srv/a@b/remote.git"],
  ["file:///srv/a@b.git", "file:///srv/a@b.git"],
])("of %s, %s is stored", (address, stored) => {
  expect(withoutCredentials(address)).toBe(stored);
});

test("what could be repeated of an address is known part by part", () => {
  expect(secretParts("https://user:to@ken@host/x?key=1")).toEqual(["user:to@ken", "to@ken", "user", "key=1"]);
  expect(secretParts("ssh://git@host/x")).toEqual([]);
  expect(secretParts("../remote.git")).toEqual([]);
});

test("credentials are the user's newest ones, for the same place only", async () => {
  using temp = tempRepository();
  temp.git(["remote", "add", "origin", "https://me:first-word-1@host.invalid/x.git"]);
  const repository = await inspectRepository({ path: temp.root, pushRemote: true });
  expect(repository.push).toEqual({ remote: "origin", url: "https://host.invalid/x.git", hasCredentials: true });
  const job = openJobRepository(repository, fakeContext());
  const push = repository.push;
  if (!push) throw new Error("nothing to push to");
  temp.git(["remote", "set-url", "origin", "https://me:second-word-2@host.invalid/x.git"]);
  expect(await fullAddress(job, push)).toBe("https://me:second-word-2@host.invalid/x.git");

  const config = readFileSync(join(temp.root, ".git/config"), "utf8");
  const elsewhere: (() => void)[] = [
    () => temp.git(["remote", "set-url", "origin", "https://me:second-word-2@elsewhere.invalid/x.git"]),
    () => temp.git(["config", "remote.origin.pushurl", "https://me:w@host.invalid/y.git"]),
    () => temp.git(["config", "url.https://evil.invalid/.insteadOf", "https://me:second-word-2@host.invalid/"]),
    () => temp.git(["remote", "remove", "origin"]),
  ];
  for (const change of elsewhere) {
    writeFileSync(join(temp.root, ".git/config"), config);
    change();
    const refused: unknown = await fullAddress(job, push).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "push-address-changed", retryable: false });
    expect(JSON.stringify(refused)).not.toContain("word");
  }
});
