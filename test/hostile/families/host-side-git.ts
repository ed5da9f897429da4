/** What the orchestrator's git would run, were it plain git: filters, drivers, monitors and programs that are configured. */

import { type Family, type Sentinel, type TreeTrick, tree } from "../trick.ts";

const SAYS = "{evil} {id}";
type More = Partial<Omit<TreeTrick, "door" | "name" | "setup" | "lands">>;

/** A setting of the repository's own configuration. */
const configured = (name: string, settings: Readonly<Record<string, string>>, more: More = {}): TreeTrick =>
  tree(
    name,
    Object.entries(settings)
      .map(([key, value]) => `git config --file {gitdir}/config --add '${key}' "${value}"`)
      .join("\n"),
    "written",
    more,
  );

/** A driver of its own, for a file of its own. */
const driven = (name: string, attribute: string, setting: string, more: More = {}): TreeTrick =>
  tree(
    name,
    `echo '{id}.txt ${attribute}={id}' >> .gitattributes; echo x > {id}.txt\ngit config --file {gitdir}/config '${setting.replace("=", `' "`)}"`,
    "written",
    more,
  );

const contents = (name: string, setup: string, entry: string): TreeTrick =>
  tree(name, setup, { commits: entry }, { alone: "with guard" });
const reaches = (name: string, url: string, lands: Sentinel = "reached"): TreeTrick =>
  tree(name, `git config --file {gitdir}/config 'url.${url}.insteadOf' '{remote}'`, lands, { alone: "without guard" });

export const hostSideGit: Family = {
  name: "host-side git",
  tricks: [
    configured("core.fsmonitor", { "core.fsmonitor": SAYS }, { alone: "without guard" }),
    configured("core.editor", { "core.editor": SAYS }, { control: "git commit --allow-empty" }),
    configured("core.sshCommand", { "core.sshCommand": "{mark} {id}" }, { control: "git ls-remote ssh://nowhere/x" }),
    configured("an external diff", { "diff.external": SAYS }, { alone: "without guard" }),
    tree(
      "a signature that must be made, by a program",
      "printf '#!/bin/sh\\ntouch {outside}/{id}\\n' > {base}/gpg-{id}; chmod +x {base}/gpg-{id}; git config --file {gitdir}/config commit.gpgSign true; git config --file {gitdir}/config gpg.program {base}/gpg-{id}",
      "written",
      { alone: "without guard" },
    ),
    configured(
      "a merge driver for everything",
      { "merge.default": "evil", "merge.evil.driver": `${SAYS} %A` },
      {
        alone: "without guard",
        control:
          "git checkout -q -b a HEAD~1; echo a > README.md; git commit -qam a; git checkout -q -b b HEAD~1; echo b > README.md; git commit -qam b; git merge -q a",
      },
    ),
    configured(
      "an alias over a subcommand that git runs",
      { "alias.show-all": `!${SAYS}` },
      { control: "git show-all" },
    ),
    tree(
      "an included configuration",
      "printf '[core]\\n\\tfsmonitor = {evil} {id}\\n' > {base}/i-{id}; git config --file {gitdir}/config include.path {base}/i-{id}",
      "written",
      { alone: "without guard", control: "git -p log -1" },
    ),
    tree(
      "an included configuration for a branch",
      "printf '[core]\\n\\tfsmonitor = {evil} {id}\\n' > {base}/i-{id}; git config --file {gitdir}/config includeIf.onbranch:**.path {base}/i-{id}",
      "written",
      { alone: "without guard" },
    ),
    tree(
      "an included configuration of the tree",
      "printf '[core]\\n\\tfsmonitor = {evil} {id}\\n' > i-{id}; git config --file {gitdir}/config include.path {worktree}/i-{id}",
      "written",
      { alone: "without guard" },
    ),
    tree(
      "a configuration of the worktree",
      "git config --file {gitdir}/config extensions.worktreeConfig true; printf '[core]\\n\\tfsmonitor = {evil} {id}\\n' > {gitdir}/worktrees/left/config.worktree",
      "written",
      { alone: "without guard" },
    ),

    driven("a clean filter", "filter", `filter.{id}.clean=${SAYS}`),
    driven("a filter that is a process", "filter", `filter.{id}.process=${SAYS}`),
    driven("a smudge filter", "filter", `filter.{id}.smudge=${SAYS}`, {
      control:
        "rm -f {id}.txt; git add -A; git stash -q; git checkout -f -q next -- {id}.txt; git checkout -f -q HEAD -- {id}.txt",
    }),
    driven("a diff driver", "diff", `diff.{id}.command=${SAYS}`),
    driven("a diff driver that shows text", "diff", `diff.{id}.textconv=${SAYS}`),
    driven("a merge driver", "merge", `merge.{id}.driver=${SAYS} %A`, {
      alone: "without guard",
      control:
        "git checkout -q -b l-{id} next; echo l > {id}.txt; git commit -qam l; git checkout -q -b r-{id} next; echo r > {id}.txt; git commit -qam r; git merge -q l-{id}; git merge --abort; git checkout -q next",
    }),
    tree(
      "attributes of the repository",
      "echo '{id}.txt filter={id}' >> {gitdir}/info/attributes; echo x > {id}.txt; git config --file {gitdir}/config filter.{id}.clean '{evil} {id}'",
      "written",
    ),
    tree(
      "attributes of the user",
      "echo '{id}.txt filter={id}' > {base}/a-{id}; echo x > {id}.txt; git config --file {gitdir}/config core.attributesFile {base}/a-{id}; git config --file {gitdir}/config filter.{id}.clean '{evil} {id}'",
      "written",
      { alone: "without guard" },
    ),

    reaches("the push, sent elsewhere by insteadOf", "http://127.0.0.1:{port}/{id}"),
    tree(
      "the push, sent elsewhere by pushInsteadOf",
      "git config --file {gitdir}/config 'url.http://127.0.0.1:{port}/{id}.pushInsteadOf' '{remote}'",
      "reached",
      { alone: "without guard" },
    ),
    tree(
      "the push, sent elsewhere by pushurl",
      "git config --file {gitdir}/config remote.origin.pushurl http://127.0.0.1:{port}/{id}",
      "reached",
      { alone: "without guard" },
    ),
    tree(
      "the push, sent to a second address as well",
      "git config --file {gitdir}/config --add remote.origin.url http://127.0.0.1:{port}/{id}",
      "reached",
      { alone: "without guard" },
    ),
    tree(
      "the push, of more than was asked",
      "git tag -a -m x {id}; git config --file {gitdir}/config push.followTags true",
      "pushed",
      { alone: "without guard" },
    ),
    tree(
      "the push, with a refspec that is configured",
      "git branch {id}; git config --file {gitdir}/config remote.origin.push '+refs/heads/*:refs/heads/*'; git config --file {gitdir}/config remote.origin.mirror true",
      "pushed",
      {
        alone: "without guard",
        control: "git push origin",
      },
    ),
    tree(
      "the push, by a program that receives",
      `git config --file {gitdir}/config remote.origin.receivepack '{mark} {id};'`,
      "written",
      { alone: "without guard" },
    ),
    tree("the push, by a proxy", "git config --file {gitdir}/config http.proxy http://127.0.0.1:{port}", "reached", {
      alone: "without guard",
      control: "git push http://{id}.invalid/x HEAD",
    }),

    contents("a link to a secret", "ln -s {home}/{id}.secret {id}", "120000 {id}"),
    contents("a link that climbs out", "mkdir -p d-{id} && ln -s ../../x d-{id}/{id}", "120000 d-{id}/{id}"),
    contents("a link into git's own folder", "ln -s .git/hooks {id}", "120000 {id}"),
    contents("a link out, through a link inside", "ln -s src a-{id}; ln -s a-{id}/../../../../x {id}", "120000 {id}"),
    contents(
      "a repository in the tree",
      "git init -q {id} && cd {id} && echo x > x && git add x && git commit -qm x",
      "160000 {id}",
    ),
    contents(
      "a repository deep in the tree",
      "mkdir a-{id}; git init -q a-{id}/b && cd a-{id}/b && echo x > x && git add x && git commit -qm x",
      "160000 a-{id}/b",
    ),
    contents("a file as large as nobody wants it", "truncate -s 51M {id}", "100644 {id}"),
    contents("a key of a cloud", "echo aws_access_key_id = AKIAQ3EGQ5T7ZKX2PLNM > {id}", "100644 {id}"),
    contents(
      "a token of a forge",
      "printf 'token: ghp_%s\\n' 9fK2mQx7Lr4Tz8Wv1Ns6Yb3Hd5Jc0Pg2Aa7E > {id}",
      "100644 {id}",
    ),
    contents(
      "a private key",
      "{ echo -----BEGIN OPENSSH PRIVATE KEY-----; head -c 600 /dev/urandom | base64; echo -----END OPENSSH PRIVATE KEY-----; } > {id}",
      "100644 {id}",
    ),
    contents("the key of the orchestrator itself", "echo key: $OPENAI_API_KEY > {id}", "100644 {id}"),
    contents("conflict markers", "printf '<<<<<<< a\\nx\\n=======\\ny\\n>>>>>>> b\\n' > {id}", "100644 {id}"),
  ],
};
