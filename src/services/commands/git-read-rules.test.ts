/** Whatever mix of words the policy lets through, real git only reads: tried at random, in a repository that sets traps. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProcess } from "../process.ts";
import { judgeCommand } from "./command-policy.ts";
import { GIT_RULES, type GitRule } from "./git-read-rules.ts";
import { gitReadArguments, readEnvironment } from "./read-environment.ts";

let base: string;
let root: string;
let trap: string;

const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" });

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "orch-git-read-"));
  root = join(base, "repository");
  trap = join(base, "trapped");
  mkdirSync(join(root, "src"), { recursive: true });
  writeFileSync(join(root, "a.ts"), "answer\n");
  writeFileSync(join(root, "src/b.ts"), "b\n");
  writeFileSync(join(root, ".gitattributes"), "*.ts diff=trap\n");
  git("init", "-q", "-b", "main");
  git("config", "user.name", "n");
  git("config", "user.email", "e@example.org");
  git("add", ".");
  git("commit", "-qm", "one");
  writeFileSync(join(root, "a.ts"), "answers\n");
  git("commit", "-qam", "two");
  git("tag", "v1");
  const program = join(base, "trap.sh");
  writeFileSync(program, `#!/bin/sh\ntouch '${trap}'\ncat\n`, { mode: 0o755 });
  const keys = `diff.external diff.trap.textconv diff.trap.command core.fsmonitor core.pager core.editor
    core.alternateRefsCommand core.sshCommand core.gitProxy credential.helper gpg.program sequence.editor`;
  for (const key of keys.split(/\s+/)) git("config", key, program);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const WORDS = `HEAD HEAD~1 main new v1 v1..HEAD a.ts src HEAD:a.ts x 1 origin @{u} -- -- --output=written -Osh -c
  --open-files-in-pager=sh --no-index --contents=a.ts --delete --force --textconv --ext-diff`.split(/\s+/);

/** Every option of a rule, with or without a word as its value, as it may be written. */
function optionsOf(rule: GitRule): fc.Arbitrary<readonly string[]> {
  const names = (list: string | undefined) => (list ?? "").split(/\s+/).filter((name) => name !== "");
  const word = fc.constantFrom(...WORDS);
  const written = [
    ...[...names(rule.flags), ...names(rule.optional)].map((name) => fc.constant(name)),
    ...[...names(rule.optional), ...names(rule.attached), ...names(rule.valued)].map((name) =>
      word.map((value) => (name.startsWith("--") ? `${name}=${value}` : `${name}${value}`)),
    ),
    ...names(rule.valued).map((name) => fc.constant(name)),
  ];
  return written.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...written), { maxLength: 3 });
}

const commands = fc
  .constantFrom(...Object.entries(GIT_RULES))
  .chain(([subcommand, rule]) =>
    fc
      .tuple(optionsOf(rule), fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }))
      .map(([options, words]) => ["git", subcommand, ...options, ...words]),
  );

test("the traps work: plain git runs into them", () => {
  git("-c", "core.pager=cat", "diff", "HEAD~1");
  expect(existsSync(trap)).toBe(true);
  git("blame", "--", "a.ts", "--output=written");
  expect(existsSync(join(root, "written"))).toBe(true);
  rmSync(join(root, "written"));
  rmSync(trap);
});

test("no command that is allowed writes, creates a ref, or runs what the configuration names", async () => {
  const refs = () => git("for-each-ref") + git("symbolic-ref", "HEAD");
  const before = { refs: refs(), files: readdirSync(root), gitFiles: readdirSync(join(root, ".git")) };
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(commands, async (command) => {
      const verdict = judgeCommand(command);
      if (!verdict.allowed) return;
      ran++;
      await runProcess({
        command: "git",
        args: gitReadArguments(verdict.args),
        cwd: root,
        env: readEnvironment(root),
        timeoutMs: 20_000,
      });
      expect(existsSync(trap)).toBe(false);
      const after = { refs: before.refs, files: readdirSync(root), gitFiles: readdirSync(join(root, ".git")) };
      expect(after).toEqual(before);
    }),
    { numRuns: 300 },
  );
  expect(refs()).toBe(before.refs);
  expect(ran).toBeGreaterThan(50);
}, 60_000);
