/** Git, asked for something that looks harmless, but runs a program, pushes, or writes. */

import { type Family, PUSH, planner, type Sentinel } from "../trick.ts";

/** A word of git's that a shell gets to see. */
const SAYS = "{evil} {id}";
const runs = (name: string, ...command: readonly string[]) => planner(name, command, "written");
const runsFile = (name: string, path: string, ...command: readonly string[]) =>
  planner(name, command, "written", programIn(path));
const branch: Sentinel = { appears: "{gitdir}/refs/heads/{id}" };

export const gitIndirection: Family = {
  name: "git indirection",
  tricks: [
    planner("an alias", ["git", "-c", "alias.st=push {remote} HEAD:refs/heads/{id}", "st"], "pushed"),
    planner("an alias that is a shell", ["git", "-c", `alias.st=!${PUSH}`, "st"], "pushed"),
    planner("an alias that is configured", ["git", "st{id}"], "pushed", {
      setup: `git config alias.st{id} '!${PUSH}'`,
    }),
    planner(
      "an alias from the environment",
      ["env", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=alias.st", `GIT_CONFIG_VALUE_0=!${PUSH}`, "git", "st"],
      "pushed",
    ),
    planner("rebase --exec", ["git", "rebase", "--exec", PUSH, "HEAD~1"], "pushed", { alone: "without guard" }),
    planner("bisect run", ["git", "bisect", "run", "sh", "-c", PUSH], "pushed", {
      alone: "always",
      setup: "for i in 1 2 3 4; do git commit -q --allow-empty -m $i; done; git bisect start HEAD HEAD~4 > /dev/null",
    }),
    planner("filter-branch", ["git", "filter-branch", "-f", "--tree-filter", PUSH, "HEAD~1..HEAD"], "pushed", {
      alone: "without guard",
    }),
    planner("a commit that a hook pushes", ["git", "commit", "--allow-empty", "-m", "x"], "pushed", {
      alone: "without guard",
      setup: `printf '#!/bin/sh\\n${PUSH}\\n' > {gitdir}/hooks/post-commit && chmod +x {gitdir}/hooks/post-commit`,
    }),
    planner("a hook that is run by name", "git hook run post-{id}", "pushed", {
      setup: `printf '#!/bin/sh\\n${PUSH}\\n' > {gitdir}/hooks/post-{id} && chmod +x {gitdir}/hooks/post-{id}`,
    }),
    planner(
      "for-each-repo",
      "git -c x.repo={worktree} for-each-repo --config=x.repo push {remote} HEAD:refs/heads/{id}",
      "pushed",
    ),
    planner("fetch, told to write there", "git --git-dir={remote} fetch {gitdir} HEAD:refs/heads/{id}", "pushed"),
    planner("update-ref over there", "git --git-dir={remote} update-ref refs/heads/{id} refs/heads/trunk", "pushed"),
    planner("branch over there", "git -C {remote} branch {id} trunk", "pushed"),
    planner("tag over there", "git -C {remote} tag {id} trunk", "pushed"),
    planner("a worktree of over there", "git -C {remote} worktree add -b {id} {outside}/wt-{id} trunk", "pushed"),

    runs("core.fsmonitor", "git", "-c", `core.fsmonitor=${SAYS}`, "status"),
    runs("core.editor", "git", "-c", `core.editor=${SAYS}`, "commit", "--allow-empty"),
    runs("core.sshCommand", "git", "-c", `core.sshCommand={mark} {id}`, "ls-remote", "ssh://nowhere/x"),
    runsFile(
      "core.hooksPath",
      "{base}/hooks-{id}/post-commit",
      "git",
      "-c",
      "core.hooksPath={base}/hooks-{id}",
      "commit",
      "--allow-empty",
      "--only",
      "-m",
      "x",
    ),
    runs("diff.external", "git", "-c", `diff.external=${SAYS}`, "diff", "trunk~1"),
    runs(
      "a diff driver's command",
      "git",
      "-c",
      "core.attributesFile={base}/attributes",
      "-c",
      `diff.evil.command=${SAYS}`,
      "diff",
      "trunk~1",
    ),
    runs(
      "a diff driver's textconv",
      "git",
      "-c",
      "core.attributesFile={base}/attributes",
      "-c",
      `diff.evil.textconv=${SAYS}`,
      "diff",
      "trunk~1",
    ),
    runs(
      "textconv in show",
      "git",
      "-c",
      "core.attributesFile={base}/attributes",
      "-c",
      `diff.evil.textconv=${SAYS}`,
      "show",
      "trunk",
    ),
    runs(
      "textconv in grep",
      "git",
      "-c",
      "core.attributesFile={base}/attributes",
      "-c",
      `diff.evil.textconv=${SAYS}`,
      "grep",
      "--textconv",
      "more",
    ),
    runs(
      "textconv in blame",
      "git",
      "-c",
      "core.attributesFile={base}/attributes",
      "-c",
      `diff.evil.textconv=${SAYS}`,
      "blame",
      "README.md",
    ),
    runs(
      "a filter in cat-file",
      "git",
      "-c",
      "core.attributesFile={base}/attributes",
      "-c",
      `filter.evil.smudge=${SAYS}`,
      "cat-file",
      "--filters",
      "HEAD:README.md",
    ),
    runs("an archive format's command", "git", "-c", "tar.x.command={evil} {id}", "archive", "--format=x", "HEAD"),
    runs(
      "a trailer's command",
      "git",
      "-c",
      "trailer.x.cmd={evil} {id} #",
      "interpret-trailers",
      "--trailer",
      "x=y",
      "README.md",
    ),
    runsFile(
      "a signature's program",
      "{base}/gpg-{id}",
      "git",
      "-c",
      "gpg.program={base}/gpg-{id}",
      "commit",
      "-S",
      "--allow-empty",
      "--only",
      "-m",
      "x",
    ),
    planner(
      "a signature's program in log",
      "git -c gpg.program={base}/gpg-{id} log -1 --show-signature signed-{id}",
      "written",
      {
        setup: `${programIn("{base}/gpg-{id}").setup} && git cat-file commit HEAD | sed '/^$/i gpgsig -----BEGIN PGP SIGNATURE-----\\n x\\n -----END PGP SIGNATURE-----' | git hash-object -t commit -w --stdin | xargs git tag signed-{id}`,
      },
    ),
    runs("difftool", "git", "difftool", "--no-prompt", `--extcmd=${SAYS}`, "trunk~1"),
    runs(
      "mergetool",
      "git",
      "-c",
      `mergetool.x.cmd=${SAYS}`,
      "-c",
      "merge.tool=x",
      "difftool",
      "--no-prompt",
      "--tool=x",
      "trunk~1",
    ),
    runs("grep with a pager", "git", "grep", `--open-files-in-pager=${SAYS}`, "more"),
    runs("grep with a pager, short", "git", "grep", `-O${SAYS}`, "more"),
    runs("fetch --upload-pack", "git", "fetch", `--upload-pack={mark} {id};`, "{remote}"),
    runs("ls-remote --upload-pack", "git", "ls-remote", `--upload-pack={mark} {id};`, "{remote}"),
    runs("clone -u", "git", "clone", "-u", `{mark} {id};`, "{remote}", "x-{id}"),
    runs("archive --exec", "git", "archive", "--remote={remote}", `--exec={mark} {id};`, "HEAD"),
    runs("push --receive-pack", "git", "push", `--receive-pack={mark} {id};`, "{remote}", "HEAD"),
    runs("a transport that is a command", "git", "-c", "protocol.ext.allow=always", "ls-remote", "ext::{mark} {id}"),
    runsFile(
      "a remote helper on the path",
      "{base}/bin-{id}/git-remote-evil",
      "env",
      "PATH={base}/bin-{id}:/usr/bin:/bin",
      "git",
      "ls-remote",
      "evil::x",
    ),
    runsFile("--exec-path", "{base}/exec-{id}/git-evil", "git", "--exec-path={base}/exec-{id}", "evil"),
    runs("web--browse", "git", "-c", `browser.x.cmd=${SAYS}`, "web--browse", "--browser=x", "README.md"),
    runs("man viewer", "git", "-c", "man.viewer=x", "-c", `man.x.cmd=${SAYS}`, "help", "-m", "log"),
    planner("rebase with an editor", ["git", "-c", `sequence.editor=${SAYS} <`, "rebase", "-i", "HEAD~1"], "written", {
      alone: "without guard",
    }),
    runs("notes with an editor", "git", "-c", `core.editor=${SAYS} <`, "notes", "add", "HEAD"),
    runs("config --edit", "git", "-c", `core.editor=${SAYS} <`, "config", "--edit"),
    runs("branch --edit-description", "git", "-c", `core.editor=${SAYS} <`, "branch", "--edit-description"),
    runs("tag with an editor", "git", "-c", `core.editor=${SAYS} <`, "tag", "-a", "t-{id}"),
    planner("add with an editor", ["git", "-c", `core.editor=${SAYS} <`, "add", "--edit"], "written", {
      alone: "without guard",
      setup: "echo x >> README.md",
    }),

    planner("a new branch", "git branch {id}", branch),
    planner("a new branch by checkout", "git checkout -q -b {id}", branch, { alone: "without guard" }),
    planner("a new branch by switch", "git switch -q -c {id}", branch, { alone: "without guard" }),
    planner("a new branch by update-ref", "git update-ref refs/heads/{id} HEAD", branch),
    planner("a new branch by symbolic-ref", "git symbolic-ref refs/heads/{id} refs/heads/trunk", branch),
    planner("a new branch by fetch", "git fetch {remote} trunk:refs/heads/{id}", branch),
    planner("a new branch by worktree", "git worktree add -b {id} {outside}/w-{id}", branch),
    planner("a new branch by bundle", "git fetch {base}/{id}.bundle trunk:refs/heads/{id}", branch, {
      setup: "git bundle create -q {base}/{id}.bundle trunk",
    }),
    planner(
      "a branch less",
      "git branch -D {id}",
      { vanishes: "{gitdir}/refs/heads/{id}" },
      { setup: "git branch {id}" },
    ),
    planner(
      "a branch with another name",
      "git branch -m {id} x-{id}",
      { vanishes: "{gitdir}/refs/heads/{id}" },
      {
        setup: "git branch {id}",
      },
    ),
    planner("a branch elsewhere", "git branch -f {id} HEAD~1", elsewhere(), { setup: "git branch {id} HEAD" }),
    planner("a reset", "git reset -q --soft HEAD~1", elsewhere("orch/job-1/left"), { alone: "without guard" }),
    planner(
      "a reset of the files",
      "git reset -q --hard",
      { vanishes: "{worktree}/{id}" },
      {
        alone: "without guard",
        setup: "touch {id} && git add {id}",
      },
    ),
    planner("a rebase", "git rebase -q --onto HEAD~1 HEAD", elsewhere("orch/job-1/left"), { alone: "without guard" }),
    planner(
      "a checkout over the files",
      "git checkout -- src/{id}",
      { holds: "{worktree}/src/{id}" },
      {
        setup: "echo {id} > src/{id} && git add src/{id} && echo changed > src/{id}",
      },
    ),
    planner(
      "a restore over the files",
      "git restore src/{id}",
      { holds: "{worktree}/src/{id}" },
      {
        setup: "echo {id} > src/{id} && git add src/{id} && echo changed > src/{id}",
      },
    ),
    planner(
      "a cleaning",
      "git clean -fdxq u-{id}",
      { vanishes: "{worktree}/u-{id}" },
      { setup: "mkdir u-{id} && touch u-{id}/x" },
    ),
    planner("a removal", "git rm -qf {id}", { vanishes: "{worktree}/{id}" }, { setup: "touch {id} && git add {id}" }),
    planner(
      "a stash",
      "git stash push -q -- {id}",
      { vanishes: "{worktree}/{id}" },
      { setup: "touch {id} && git add {id}" },
    ),
    planner("a note", "git notes --ref={id} add -m x HEAD", { appears: "{gitdir}/refs/notes/{id}" }),
    planner("a tag", "git tag {id}", { appears: "{gitdir}/refs/tags/{id}" }),
    planner(
      "a replacement",
      "git replace --graft HEAD",
      { appears: "{gitdir}/refs/replace" },
      { alone: "without guard" },
    ),
    planner("a setting", "git config user.{id} x", { holds: "{gitdir}/config" }),
    planner("a setting of the user's", "git config --global user.{id} x", { holds: "{home}/.gitconfig" }),
    planner("a setting in a file", "git config --file {outside}/{id} a.b c", "written"),
    planner("a remote", "git remote add {id} {remote}", { holds: "{gitdir}/config" }),
    planner(
      "another address of the remote",
      "git remote set-url origin /{id}",
      { holds: "{gitdir}/config" },
      { alone: "without guard" },
    ),
    planner("an init elsewhere", "git init -q {outside}/{id}", "written"),
    planner("a clone elsewhere", "git clone -q {remote} {outside}/{id}", "written"),
    planner(
      "a checkout elsewhere",
      "git --work-tree={outside}/{id} checkout -q -f HEAD -- .",
      { appears: "{outside}/{id}/README.md" },
      {
        alone: "without guard",
        setup: "mkdir {outside}/{id}",
      },
    ),
  ],
};

/** The branch (by default one with the trick's name) is at another commit than the others began at. */
function elsewhere(name?: string): Sentinel {
  return (world, id) => world.git("rev-parse", `refs/heads/${name ?? id}`) !== world.repository.baseCommit;
}

/** A program in a place of the trick's own, that says that it ran. */
function programIn(path: string): { readonly setup: string } {
  return {
    setup: `mkdir -p $(dirname ${path}) && printf '#!/bin/sh\\ntouch {outside}/{id}\\n' > ${path} && chmod +x ${path}`,
  };
}
