/** Repositories as they are: odd names, submodules, dirty, detached. The workshop checks that the checkout stays as it was. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planScript } from "./support/plan-script.ts";
import type { TempRepository } from "./support/temp-repository.ts";
import { tempRepository } from "./support/temp-repository.ts";
import { Workshop, type WorkshopOptions } from "./support/workshop.ts";

const script = planScript({ subtasks: [{ id: "part", writes: { "añadido/neu ö.txt": "ja" } }] });
const written = { "añadido/neu ö.txt": "ja" };

async function works(options: Omit<WorkshopOptions, "script">): Promise<void> {
  await using shop = await Workshop.open({ script, ...options });
  const { code, stderr } = await shop.run("job").end;
  expect(code, stderr).toBe(0);
  expect(shop.resultFiles("job")).toEqual(written);
}

test("a path with spaces and letters of other languages, and a branch that is not main", async () => {
  await works({ folder: "mein Projekt – ñandú", branch: "großer/Zweig" });
});

test("a dirty checkout: the work starts from the commit, and what is not committed stays where it is", async () => {
  await works({
    files: { "kept.txt": "as committed\n", "gone.txt": "here\n" },
    prepare: ({ root, git, write }) => {
      write({ "kept.txt": "changed\n", "new.txt": "untracked\n", "staged.txt": "staged\n" });
      git(["add", "staged.txt"]);
      git(["rm", "--quiet", "gone.txt"]);
      writeFileSync(join(root, "stashed.txt"), "stashed\n");
      git(["stash", "push", "--quiet", "--include-untracked", "--", "stashed.txt"]);
    },
  });
});

test("a detached HEAD", async () => {
  await works({ prepare: ({ git }: TempRepository) => void git(["checkout", "--quiet", "--detach"]) });
});

test("a repository with a submodule, which stays as it is", async () => {
  using library = tempRepository({ files: { "lib.txt": "a library\n" } });
  await using shop = await Workshop.open({
    script,
    prepare: ({ git, commit }) => {
      git(["submodule", "--quiet", "add", library.root, "library"]);
      commit({}, "Add the library");
    },
  });
  const { code, stderr } = await shop.run("job").end;
  expect(code, stderr).toBe(0);
  expect(shop.resultFiles("job")).toEqual(written);
  expect(shop.git("ls-tree", "result-job", "library")).toBe(shop.git("ls-tree", "HEAD", "library"));
});

test("untracked files that the config names are copied into the worktrees, and never committed", async () => {
  const copying = planScript({
    subtasks: [{ id: "part", steps: [{ run: "cp .env seen.txt" }, { say: "I saw it." }] }],
  });
  await using shop = await Workshop.open({
    script: copying,
    config: { copy: [".env"] },
    files: { ".gitignore": ".env\n" },
    prepare: ({ write }) => write({ ".env": "FLAVOUR=mint\n" }),
  });
  const { code, stdout } = await shop.run("job").end;
  expect(code, stdout).toBe(0);
  expect(shop.resultFiles("job")).toEqual({ "seen.txt": "FLAVOUR=mint" });
});
