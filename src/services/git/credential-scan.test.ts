/** What a push would carry away: found in every commit of it, whatever it looks like, and named by place only. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type TempRepository, tempRepository } from "../../../test/support/temp-repository.ts";
import { letters, PLANTED } from "../../core/secrets.testkit.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { rememberCopied } from "./copied-paths.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { openJobRepository } from "./job-repository.ts";
import { prepareJob } from "./prepare-job.ts";
import { createPushResult } from "./push-result.ts";

const OWN = "the-key-of-this-process-4711";

interface Scene extends Disposable {
  readonly temp: TempRepository;
  commit(files: Record<string, string | Buffer | null>, message?: string): void;
  /** Pushes what is checked out; the error's message if that was refused. */
  push(allowed?: readonly string[]): Promise<string>;
  refs(): string;
}

async function scene(files: Record<string, string> = { "a.txt": "a\n" }): Promise<Scene> {
  const temp = tempRepository({ files });
  const remote = join(temp.folder, "remote.git");
  temp.git(["init", "-q", "--bare", remote]);
  temp.git(["remote", "add", "origin", remote]);
  const repository = await inspectRepository({ path: temp.root, pushRemote: true });
  await prepareJob({ repository }, fakeContext());
  return {
    temp,
    commit: (changes, message = "Work") => {
      for (const [path, content] of Object.entries(changes)) {
        if (content === null) {
          temp.git(["rm", "-q", "--", path]);
          continue;
        }
        mkdirSync(dirname(join(temp.root, path)), { recursive: true });
        writeFileSync(join(temp.root, path), content);
      }
      temp.git(["add", "-A"]);
      temp.git(["commit", "-q", "--allow-empty", "-m", message]);
    },
    push: async (allowed = []) => {
      const commit = temp.git(["rev-parse", "HEAD"]).trim();
      const push = createPushResult({ secrets: [OWN], allowed });
      return push({ repository, branch: "result-job-1", commit }, fakeContext()).then(
        () => "",
        (error: unknown) => {
          expect(error).toMatchObject({ code: "credentials-in-result", retryable: false });
          return `${(error as Error).message} ${JSON.stringify(error)}`;
        },
      );
    },
    refs: () => temp.git(["for-each-ref"], remote),
    [Symbol.dispose]: () => temp[Symbol.dispose](),
  };
}

test("each kind of credential stops the push, with its place and without the secret", async () => {
  using s = await scene();
  const planted = Object.entries(PLANTED()).filter(([kind]) => kind !== "bearer-token");
  const nameOf = (index: number) => `src/f${index + 10}.txt`;
  s.commit(Object.fromEntries(planted.map(([, { text }], index) => [nameOf(index), `first\n${text}\nlast\n`])));
  const allowed: string[] = [];
  for (const [index, [kind]] of planted.entries()) {
    const said = await s.push(allowed);
    const word = kind.split(/[ ,]/)[0];
    // What is let through is not named any more, so that each kind has its turn.
    expect(said).toContain(`${nameOf(index)}:2 (${word}, commit `);
    for (const { secret } of planted.map(([, one]) => one)) expect(said).not.toContain(secret);
    allowed.push(nameOf(index));
  }
  expect(s.refs()).toBe("");
  expect(await s.push(allowed)).toBe("");
  expect(s.refs()).toContain("refs/heads/result-job-1");
});

test("a secret that a later commit removed, or that only a merge brought in, is pushed too: so it is found", async () => {
  using s = await scene();
  const key = `ghp_${letters(36)}`;
  s.commit({ "conf/x.env": `one\ntwo\nKEY=${key}\n` });
  s.commit({ "conf/x.env": null });
  expect(await s.push()).toContain("conf/x.env:3 (github-token");

  using merged = await scene();
  merged.temp.git(["checkout", "-q", "-b", "side"]);
  merged.commit({ "side.txt": "side\n" });
  merged.temp.git(["checkout", "-q", "-"]);
  merged.commit({ "main.txt": "main\n" });
  merged.temp.git(["merge", "-q", "--no-ff", "--no-commit", "side"]);
  merged.commit({ "a.txt": `a\n${key}\n` }, "Merge");
  expect(await merged.push()).toContain("a.txt:2 (github-token");
});

test("neither an attribute, nor a NUL, nor UTF-16, nor an odd name hides a file from the scan", async () => {
  const key = () => `glpat-${letters(20)}`;
  const files: Record<string, string | Buffer> = {
    "binary.bin": Buffer.concat([Buffer.from([0, 1, 2, 0]), Buffer.from(key())]),
    "wide.txt": Buffer.from(`\ufeff${key()}`, "utf16le"),
    "marked.txt": `${key()}\n`,
    "odd\nname.txt": `${key()}\n`,
    'quo"te b/x.txt': `${key()}\n`,
    "patch.txt": `@@ -1 +1 @@\n+++ b/other.txt\ndiff --git a/x b/x\n${key()}\n`,
    "last-line": key(),
    [`named-${key()}`]: "x",
    "-dash": key(),
  };
  for (const [path, content] of Object.entries(files)) {
    using s = await scene();
    s.commit({ ".gitattributes": "* -diff\n", [path]: content });
    expect([path, await s.push()]).toEqual([path, expect.stringContaining("(gitlab-token, commit")]);
    expect(s.refs()).toBe("");
  }
  using s = await scene();
  s.commit({ "b.txt": "b" }, `Words\n\nwith ${key()} in them`);
  expect(await s.push()).toContain("the message (gitlab-token");
});

test("the values of this process and of copied files stop the push, however they are written", async () => {
  using s = await scene();
  writeFileSync(join(s.temp.root, ".env"), "PORT=3000\nDB_PASSWORD='n0t for you'\n");
  writeFileSync(join(s.temp.root, ".gitignore"), ".env\n");
  const repository = await inspectRepository({ path: s.temp.root });
  await rememberCopied(openJobRepository(repository, fakeContext()), [".env"]);
  s.commit({ "a.js": `const a = ["${OWN}"];\n`, "b.js": "// n0t%20for%20you\nlisten(3000);\n" });
  const said = await s.push();
  expect(said).toContain("a.js:1 (value of this environment");
  expect(said).toContain("b.js:1 (value of a copied file");
  expect(said).not.toContain("n0t");
  // The user may let a copied value through, but not the key.
  expect(await s.push(["a.js", "b.js"])).toMatch(/^(?!.*b\.js).*a\.js:1/);
});

test("generated values of secret names are found; placeholders, examples and what was there before are not", async () => {
  const old = `npm_${letters(36)}`;
  using s = await scene({ "old.txt": `${old}\n` });
  s.commit({
    "moved.txt": `now here: ${old}\n`,
    "example.env": [
      "API_KEY=your-api-key-goes-here-please",
      "SECRET_KEY=changeme-changeme-changeme",
      "DATABASE_URL=postgres://user:password@localhost/app",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in such files
      "URL=https://user:${PASSWORD}@host/",
      "TOKEN=process.env.SOME_VERY_LONG_TOKEN_NAME",
      "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
      "token: string; passwordResetTokenExpiresInMinutes = 30",
    ].join("\n"),
    "package-lock.json": `"integrity": "sha512-${letters(86)}=="\n`,
    "test.js": `const password = "correct horse battery staple"; const tokens = countTokensInDocument(text);\n`,
  });
  expect(await s.push()).toBe("");
  s.commit({ "real.env": `SESSION_SECRET=1${letters(39)}\n` });
  expect(await s.push()).toContain("real.env:1 (assignment");
});

test("a folder, a file, or one kind in a file can be let through, and nothing beside it", async () => {
  using s = await scene();
  s.commit({ "fixtures/k.txt": `ghp_${letters(36)}\n`, "fixtures2/k.txt": `ghp_${letters(36)}\nnpm_${letters(36)}\n` });
  const said = await s.push(["fixtures/", "fixtures2/k.txt:github-token"]);
  expect(said).toContain("fixtures2/k.txt:2 (npm-token");
  expect(said).not.toContain("github-token");
  expect(said).not.toContain("fixtures/k.txt");
  expect(await s.push(["fixtures/", "fixtures2/"])).toBe("");
});
