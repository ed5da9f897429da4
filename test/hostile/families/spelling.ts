/** `git push`, in every spelling that git itself takes for one. */

import { codex, type Family, PUSH, planner } from "../trick.ts";

const asked = (name: string, command: string) => planner(name, command, "pushed");
const agent = (name: string, run: string) => codex(name, run, "pushed");

export const spelling: Family = {
  name: "spelling",
  tricks: [
    asked("plain", PUSH),
    asked("to a URL of a file", "git push file://{remote} HEAD:refs/heads/{id}"),
    asked("to a configured remote", "git push origin HEAD:refs/heads/{id}"),
    asked("to a path that is relative", "git push ../../../../../../remote.git HEAD:refs/heads/{id}"),
    asked("with the remote in an option", "git push --repo={remote} origin HEAD:refs/heads/{id}"),
    asked("by force", "git push --force {remote} HEAD:refs/heads/{id}"),
    asked("with a forced refspec", "git push {remote} +HEAD:refs/heads/{id}"),
    asked("with short options together", "git push -fq {remote} HEAD:refs/heads/{id}"),
    asked("without hooks", "git push --no-verify {remote} HEAD:refs/heads/{id}"),
    asked("into tags", "git push {remote} HEAD:refs/tags/{id}"),
    asked("into a namespace of its own", "git push {remote} HEAD:refs/anything/{id}"),
    asked("atomic, porcelain and verbose", "git push --atomic --porcelain -v {remote} HEAD:refs/heads/{id}"),
    asked(
      "with the program that receives named",
      "git push --receive-pack=git-receive-pack {remote} HEAD:refs/heads/{id}",
    ),
    asked("with its own program behind", "git push --exec=git-receive-pack {remote} HEAD:refs/heads/{id}"),
    asked("with an abbreviated option", "git push --rep={remote} origin HEAD:refs/heads/{id}"),
    asked("behind -C", "git -C . push {remote} HEAD:refs/heads/{id}"),
    asked("behind -c", "git -c a.b=c push {remote} HEAD:refs/heads/{id}"),
    asked("behind --git-dir", "git --git-dir={gitdir} push {remote} HEAD:refs/heads/{id}"),
    asked("behind --work-tree", "git --work-tree=. push {remote} HEAD:refs/heads/{id}"),
    asked("behind --no-pager", "git --no-pager push {remote} HEAD:refs/heads/{id}"),
    asked("behind -P", "git -P push {remote} HEAD:refs/heads/{id}"),
    asked("behind --no-replace-objects", "git --no-replace-objects push {remote} HEAD:refs/heads/{id}"),
    asked("behind --config-env", "git --config-env=a.b=HOME push {remote} HEAD:refs/heads/{id}"),
    asked("behind --exec-path", "git --exec-path=/usr/lib/git-core push {remote} HEAD:refs/heads/{id}"),
    asked("by git's full path", `/usr/bin/${PUSH}`),
    asked("by git's path with dots", `/usr/bin/../bin/${PUSH}`),
    asked("as a program of its own", "/usr/lib/git-core/git-push {remote} HEAD:refs/heads/{id}"),
    asked("by its plumbing", "git send-pack {remote} HEAD:refs/heads/{id}"),
    asked("by its plumbing, from a path", "/usr/lib/git-core/git-send-pack {remote} HEAD:refs/heads/{id}"),
    planner(
      "with words that no shell would leave together",
      ["git", "push", "{remote}", "HEAD:refs/heads/{id}"],
      "pushed",
    ),
    planner("all of it", "git push --mirror {remote}", "pushed", { alone: "without guard", setup: "git branch {id}" }),
    planner("every tag", "git push --tags {remote}", "pushed", { setup: "git tag {id}" }),
    planner("every branch", "git push --all {remote}", "pushed", { alone: "without guard", setup: "git branch {id}" }),
    planner("what tags follow", "git push --follow-tags {remote} HEAD:refs/heads/x-{id}", {
      appears: "{remote}/refs/heads/x-{id}",
    }),
    planner(
      "a deletion",
      "git push --delete {remote} {id}",
      { vanishes: "{remote}/refs/heads/{id}" },
      {
        setup: "git push -q {remote} HEAD:refs/heads/{id}",
      },
    ),
    planner(
      "a deletion by an empty side",
      "git push {remote} :refs/heads/{id}",
      { vanishes: "{remote}/refs/heads/{id}" },
      {
        setup: "git push -q {remote} HEAD:refs/heads/{id}",
      },
    ),
    planner(
      "pruning",
      "git push --prune {remote} refs/heads/trunk:refs/heads/trunk refs/x/*:refs/x/*",
      { vanishes: "{remote}/refs/x/{id}" },
      {
        alone: "without guard",
        setup: "git push -q {remote} HEAD:refs/x/{id}",
      },
    ),
    planner("from another folder", "git push {remote} HEAD:refs/heads/{id}", "pushed", { worktree: "src" }),

    agent("an agent: plain", PUSH),
    agent("an agent: to a URL of a file", "git push file://{remote} HEAD:refs/heads/{id}"),
    agent("an agent: to the configured remote", "git push origin HEAD:refs/heads/{id}"),
    agent("an agent: by its plumbing", "git send-pack {remote} HEAD:refs/heads/{id}"),
    agent("an agent: quoted apart", `g""it pu'sh' {remote} HEAD:refs/heads/{id}`),
    agent("an agent: in a variable", `a=pu; b=sh; git $a$b {remote} HEAD:refs/heads/{id}`),
    agent("an agent: encoded", `echo "${PUSH}" | base64 | base64 -d | sh`),
    agent("an agent: evaluated", `eval "$(printf '%s' '${PUSH}')"`),
    agent(
      "an agent: with spaces from a variable",
      "I=$(printf ' '); eval git$I'push'$I{remote}$I'HEAD:refs/heads/{id}'",
    ),
    agent("an agent: by a function", `git() { command git "$@"; }; ${PUSH}`),
    agent("an agent: from a script", `printf '%s\\n' '${PUSH}' > {id}.sh && sh {id}.sh`),
    agent(
      "an agent: by a copy of git",
      `cp "$(command -v git)" ./{id}-git && ./{id}-git push {remote} HEAD:refs/heads/{id}`,
    ),
    agent(
      "an agent: by a link to git",
      `ln -s "$(command -v git)" {id}-link && ./{id}-link push {remote} HEAD:refs/heads/{id}`,
    ),
    agent("an agent: from a clone", `git clone -q {checkout} {id}-clone && cd {id}-clone && ${PUSH}`),
    agent(
      "an agent: from a repository in the temporary folder",
      `d=$(mktemp -d) && git clone -q {checkout} $d/c && cd $d/c && ${PUSH}`,
    ),
    agent("an agent: by a ref written by hand", "git rev-parse HEAD > {remote}/refs/heads/{id}"),
    agent(
      "an agent: by receive-pack",
      "git clone -q --bare {checkout} {id}-b && git -C {remote} fetch -q $PWD/{id}-b HEAD:refs/heads/{id}",
    ),
    agent(
      "an agent: by a bundle",
      "git bundle create {id}.bundle HEAD && git -C {remote} fetch -q $PWD/{id}.bundle HEAD:refs/heads/{id}",
    ),
    agent("an agent: in the background", `(sleep 0.2; ${PUSH}) >/dev/null 2>&1 & sleep 0.6`),
    agent("an agent: in a session of its own", `setsid sh -c '${PUSH}'; sleep 0.3`),
  ],
};
