import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkSandbox } from "./check-sandbox.ts";
import { findCodex } from "./find-codex.ts";
import { codexPath, environment, makeWorkshop } from "./turn.testkit.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-codex-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program called `codex` in a folder of its own, which prints `text` when asked anything. */
function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`);
  chmodSync(path, 0o755);
  return path;
}

test("Codex is found on PATH, by a name, or by a path, with its version", async () => {
  const found = { path: codexPath, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) };

  expect(await findCodex({ environment, cwd: folder })).toEqual(found);
  expect(await findCodex({ environment, cwd: folder, codex: codexPath })).toEqual(found);
  expect(await findCodex({ environment, cwd: dirname(codexPath), codex: "./codex" })).toEqual(found);
});

test("a Codex that isn't there is a usage error that says how to install it", async () => {
  const nowhere = { ...environment, PATH: `.:${folder}` };

  for (const codex of [undefined, "/nowhere/codex", folder]) {
    await expect(findCodex({ environment: nowhere, cwd: folder, codex })).rejects.toMatchObject({
      name: "UsageError",
      code: "codex-not-found",
      hint: expect.stringContaining("npm install"),
    });
  }
});

test("a Codex that is too old is refused, one that is new enough is not, and another program is no Codex", async () => {
  const find = (codex: string) => findCodex({ environment, cwd: folder, codex });

  await expect(find(program("old", "codex-cli 0.99.12"))).rejects.toMatchObject({ code: "codex-too-old" });
  await expect(find(program("older", "codex-cli 0.159.9"))).rejects.toMatchObject({ code: "codex-too-old" });
  await expect(find(program("oldest", "codex-cli 0.160.0"))).resolves.toMatchObject({ version: "0.160.0" });
  await expect(find(program("newer", "codex-cli 1.0.0"))).resolves.toMatchObject({ version: "1.0.0" });
  await expect(find(program("other", "cod 1.2.3"))).rejects.toMatchObject({ code: "codex-not-found" });
});

test("the sandbox is known to start, or the reason why it doesn't is told", async () => {
  await using workshop = await makeWorkshop();
  const settings = { codexPath, codexHome: workshop.codexHome, environment };
  const broken = program("broken", "no user namespaces");
  writeFileSync(broken, "#!/bin/sh\necho 'no user namespaces' >&2; exit 1\n");

  expect(await checkSandbox(settings)).toEqual({ ok: true });
  expect(await checkSandbox({ ...settings, codexPath: broken })).toEqual({ ok: false, reason: "no user namespaces" });
  expect(await checkSandbox({ ...settings, codexPath: "/nowhere/codex" })).toMatchObject({ ok: false });
});
