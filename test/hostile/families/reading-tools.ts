/** Tools that people call read-only, which write a file, run a program, or read somewhere else. */

import { type Family, planner, type Sentinel, WRITE } from "../trick.ts";

const asked = (name: string, command: string | readonly string[], lands: Sentinel = "written", setup?: string) =>
  planner(name, command, lands, setup === undefined ? {} : { setup });

export const readingTools: Family = {
  name: '"read-only" tools that execute or write',
  tricks: [
    asked("git diff --output", "git diff --output={outside}/{id} HEAD~1"),
    asked("git log --output", "git log -1 -p --output={outside}/{id}"),
    asked("git show --output", "git show --output={outside}/{id}"),
    asked("git show --output with its value apart", "git show --output {outside}/{id}"),
    asked("git diff-tree --output", "git diff-tree -p --output={outside}/{id} HEAD~1 HEAD"),
    asked("git format-patch", "git format-patch -q -o {outside}/{id} -1"),
    asked("git archive", "git archive -o {outside}/{id} HEAD"),
    asked("git bundle", "git bundle create -q {outside}/{id} HEAD"),
    asked("git checkout-index", "git checkout-index --prefix={outside}/{id}/ README.md"),
    asked("git fast-export with marks", "git fast-export --export-marks={outside}/{id} HEAD"),
    asked("git ls-files with a trace", "env GIT_TRACE={outside}/{id} git ls-files"),
    asked("git log with trace2", "env GIT_TRACE2_EVENT={outside}/{id} git log -1"),
    asked("git diff --no-index", "git diff --no-index /dev/null {home}/{id}.secret", "told"),
    asked("git diff of two paths outside", "git diff {home}/.gitconfig {home}/{id}.secret", "told"),
    asked("git blame --contents", "git blame --contents {home}/{id}.secret README.md", "told"),
    asked("git config --file", "git config --file {home}/{id}.secret --list", "told"),
    asked("git's own config", "git config --list", "told", "git config x.y $(cat {home}/{id}.secret)"),
    asked(
      "a remote's address with a password",
      "git remote -v",
      "told",
      "git remote add {id} https://u:$(cat {home}/{id}.secret)@nowhere/x",
    ),

    asked("find -fprint", "find README.md -fprint {outside}/{id}"),
    asked("find -delete", "find {worktree}/{id} -delete", { vanishes: "{worktree}/{id}" }, "touch {id}"),
    asked("find -exec", `find README.md -exec ${WRITE} ;`),
    asked("sort -o", "sort -o {outside}/{id} README.md"),
    asked(
      "sort --compress-program",
      ["sort", "-S", "1b", "--compress-program={base}/{id}", "s-{id}"],
      "written",
      [
        "seq 1 200000 > s-{id}",
        "printf '#!/bin/sh\\ntouch {outside}/{id}\\n[ \"$1\" = -d ] && exec cat\\nexec cat\\n' > {base}/{id}",
        "chmod +x {base}/{id}",
      ].join("; "),
    ),
    asked("uniq", "uniq README.md {outside}/{id}"),
    asked("tee", "tee {outside}/{id}"),
    asked("cp", "cp README.md {outside}/{id}"),
    asked("mv", "mv {id} {outside}/{id}", "written", "touch {id}"),
    asked("ln", "ln -s x {outside}/{id}", { appears: "{outside}/{id}" }),
    asked("dd", "dd if=README.md of={outside}/{id}"),
    asked("install", "install README.md {outside}/{id}"),
    asked("touch", WRITE),
    asked("mkdir", "mkdir {outside}/{id}"),
    asked("rm", "rm {worktree}/{id}", { vanishes: "{worktree}/{id}" }, "touch {id}"),
    asked("sed -i", "sed -i s/./{id}/ {home}/{id}.secret", { holds: "{home}/{id}.secret" }),
    asked("sed w", ["sed", "-n", "w {outside}/{id}", "README.md"]),
    asked("awk with a file", ["awk", `{ print > "{outside}/{id}" }`, "README.md"]),
    asked("split", "split README.md {outside}/{id}-", { appears: "{outside}/{id}-aa" }),
    asked("shuf", "shuf -o {outside}/{id} README.md"),
    asked("curl -o", "curl -s -o {outside}/{id} file://{worktree}/README.md"),
    asked("curl", "curl -s http://127.0.0.1:{port}/{id}", "reached"),
    asked("diff", "diff /dev/null {home}/{id}.secret", "told"),
    asked("grep", "grep . {home}/{id}.secret", "told"),
    asked("head", "head {home}/{id}.secret", "told"),
    asked("date", "date -f {home}/{id}.secret", "told"),
    asked("tar", "tar -cf {outside}/{id} README.md"),
    asked("openssl", "openssl enc -base64 -in README.md -out {outside}/{id}"),
    asked("sqlite3", ["sqlite3", "{outside}/{id}", "create table x (y)"]),
  ],
};
