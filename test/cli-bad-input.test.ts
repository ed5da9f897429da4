/** Bad input: a one-line error that says what to do, exit code 2, and nothing created. The real command, the real disk. */

import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { jobEventSchema } from "../src/core/protocol.ts";
import { openSqliteStore } from "../src/store/sqlite/open.ts";
import { type TempRepository, tempRepository } from "./support/temp-repository.ts";

const ROOT = join(import.meta.dirname, "..");
const TASK = "Write the parts";

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place[Symbol.dispose]();
});

/** A folder with everything that orch could touch: a home, a state folder, repositories. */
class Place implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "orch-bad-input-")));
  readonly state = join(this.folder, "state");
  readonly #repositories: TempRepository[] = [];

  constructor() {
    mkdirSync(join(this.folder, "home"));
    mkdirSync(join(this.folder, "work"));
    places.push(this);
  }

  repository(options: Parameters<typeof tempRepository>[0] = {}): TempRepository {
    const repository = tempRepository(options);
    this.#repositories.push(repository);
    return repository;
  }

  orch(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = "") {
    return spawnSync(process.execPath, [join(ROOT, "bin", "orch.js"), ...args], {
      cwd: join(this.folder, "work"),
      encoding: "utf8",
      input,
      env: {
        PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
        HOME: join(this.folder, "home"),
        XDG_STATE_HOME: this.state,
        OPENAI_API_KEY: "sk-test-0123456789abcdef",
        // Nobody answers there: what is refused must be refused before anybody is asked.
        OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
        ...environment,
      },
    });
  }

  /** Every file and folder, with a hash of each file's bytes. */
  listing(): Record<string, string> {
    const folders = [this.folder, ...this.#repositories.map(({ folder }) => folder)];
    return Object.fromEntries(folders.flatMap((folder) => [...walk(folder)]));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
    for (const repository of this.#repositories) repository[Symbol.dispose]();
  }
}

function* walk(folder: string): Generator<[string, string]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      yield [path, "folder"];
      yield* walk(path);
    } else yield [path, entry.isFile() ? hash("sha256", readFileSync(path)) : "special"];
  }
}

/** Runs orch, and expects that it refuses: exit code 2, one line that says why, one that says what to do, no trace. */
function expectRefusal(
  place: Place,
  args: readonly string[],
  message: RegExp,
  environment: Readonly<Record<string, string>> = {},
): void {
  const before = place.listing();
  const { status, stdout, stderr } = place.orch(args, environment);
  const lines = stderr.trimEnd().split("\n");
  expect(lines, stderr).toHaveLength(2);
  expect(lines[0]).toMatch(/^orch: /);
  expect(lines[0]).toMatch(message);
  expect(lines[1], "what to do").toMatch(/^ {6}\S/);
  expect(stdout).toBe("");
  expect(status).toBe(2);
  expect(place.listing()).toEqual(before);
}

const run = (repository: string, ...more: readonly string[]) => ["run", TASK, "--repo", repository, ...more];

describe("orch run refuses, and leaves nothing behind", () => {
  test("without a key", () => {
    const place = new Place();
    expectRefusal(place, run(place.repository().root), /no key/, { OPENAI_API_KEY: "" });
  });

  test("in a folder that is no repository", () => {
    const place = new Place();
    expectRefusal(place, run(join(place.folder, "work")), /not in a git repository/);
  });

  test("in a folder that does not exist", () => {
    const place = new Place();
    expectRefusal(place, run(join(place.folder, "nowhere")), /does not exist/);
  });

  test("in a repository without a commit", () => {
    const place = new Place();
    expectRefusal(place, run(place.repository({ files: null }).root), /no commit/);
  });

  test("in a bare repository", () => {
    const place = new Place();
    const repository = place.repository();
    repository.git(["clone", "-q", "--bare", repository.root, join(repository.folder, "bare.git")]);
    expectRefusal(place, run(join(repository.folder, "bare.git")), /bare repository/);
  });

  test.each(["nowhere", "--upload-pack=x", "HEAD~0"])("for the unknown base branch %s", (branch) => {
    const place = new Place();
    expectRefusal(place, run(place.repository().root, `--base-branch=${branch}`), /no branch/);
  });

  test("without Codex on the PATH", () => {
    const place = new Place();
    expectRefusal(place, run(place.repository().root), /Codex CLI was not found/, { PATH: "/usr/bin:/bin" });
  });

  test("with a Codex that is too old", () => {
    const place = new Place();
    const old = join(place.folder, "codex");
    writeFileSync(old, "#!/bin/sh\necho codex-cli 0.2.0\n");
    chmodSync(old, 0o755);
    expectRefusal(place, run(place.repository().root), /0\.2\.0 is too old/, { ORCHESTRATOR_CODEX_PATH: old });
  });

  test.each(["../escape", "Upper", "a b", "-x", "a--b", "a/b", ".", "x".repeat(65)])(
    "for the unsafe job id %j",
    (id) => {
      const place = new Place();
      expectRefusal(place, run(place.repository().root, `--job-id=${id}`), /cannot be a job id/);
    },
  );

  test("for a job id whose branch exists", () => {
    const place = new Place();
    const repository = place.repository();
    repository.git(["branch", "result-taken"]);
    expectRefusal(place, run(repository.root, "--job-id", "taken"), /result-taken is in the way/);
  });

  test("for a job id that exists in the database", async () => {
    const place = new Place();
    const store = await openSqliteStore(join(place.state, "orch", "orchestrator.db"));
    const job = { id: "taken", workflow: "coding-job", version: 1, definitionHash: "x", labels: {}, now: 0 };
    store.createJob({ ...job, input: { jobId: "taken", task: "t", repository: { root: place.folder } } });
    store.close();
    expectRefusal(place, run(place.repository().root, "--job-id", "taken"), /job taken exists already/);
  });

  test.each([
    ["that is no JSON", "{", /orch\.config\.json cannot be used/],
    ["that is no object", "[]", /orch\.config\.json cannot be used/],
    ["with a setting that there isn't", '{"concurency": 2}', /it sets "concurency"/],
    ["with a key in it", '{"apiKey": "sk-x"}', /it sets "apiKey"/],
    ["with a wrong value", '{"concurrency": "many"}', /"concurrency" in .* is wrong/],
    ["with a wrong duration", '{"turnLimit": "soon"}', /not a duration/],
    ["with a path that leaves the repository", '{"copy": ["../.env"]}', /inside of the repository/],
  ])("for an orch.config.json %s", (_, content, message) => {
    const place = new Place();
    expectRefusal(place, run(place.repository({ files: { "orch.config.json": content } }).root), message);
  });

  test("for an orch.config.json that is a folder", () => {
    const place = new Place();
    expectRefusal(place, run(place.repository({ files: { "orch.config.json/x": "" } }).root), /cannot be used/);
  });

  test("for a base URL that is none", () => {
    const place = new Place();
    expectRefusal(place, run(place.repository().root), /OPENAI_BASE_URL is wrong/, { OPENAI_BASE_URL: "localhost" });
  });

  test.each([
    ["is a text file", "This is no database, and is long enough to be looked at as one.\n".repeat(20)],
    ["is a folder", null],
  ])("for a database that %s", (_, content) => {
    const place = new Place();
    const path = join(place.folder, "database");
    if (content === null) mkdirSync(path);
    else writeFileSync(path, content);
    expectRefusal(place, run(place.repository().root), /cannot be used as a database/, { ORCHESTRATOR_DB_PATH: path });
  });

  test.each([
    [["run"], /<task> is missing/],
    [["run", " \n "], /<task> is empty/],
    [["run", "-"], /no task/],
    [["run", "Write", "the parts"], /one argument too many/],
    [["run", TASK, "--concurency", "3"], /no flag --concurency/],
    [["run", TASK, "--repo", "--push-result"], /--repo needs a value/],
    [["run", TASK, "--concurrency", "two"], /--concurrency is wrong.* from 1 to 64/],
  ])("for the command line %j", (args, message) => {
    expectRefusal(new Place(), args, message);
  });
});

describe("the other commands refuse, and leave nothing behind", () => {
  test.each([
    [["resume", "nowhere"], /no job "nowhere"/],
    [["resume", "../nowhere"], /cannot be a job id/],
    [["show", "nowhere"], /no job "nowhere"/],
    [["logs", "nowhere", "-f"], /no job "nowhere"/],
    [["approve", "nowhere"], /no job "nowhere"/],
    [["reject", "nowhere"], /--feedback is missing/],
    [["cancel", "nowhere"], /no job "nowhere"/],
    [["retry", "nowhere", "part"], /no job "nowhere"/],
    [["skip", "nowhere"], /<subtask> is missing/],
    [["list", "--limit=none"], /--limit is not a number/],
    [["scripted-model", "nowhere.yaml"], /cannot be read/],
    [["rum", TASK], /no command "rum"/],
    [["--limit", "list"], /no command "--limit"/],
  ])("%j", (args, message) => {
    expectRefusal(new Place(), args, message);
  });

  test.each(["list", "show x", "logs x", "resume x", "cancel x"])(
    "orch %s, when the database is not one",
    (command) => {
      const place = new Place();
      const path = join(place.folder, "database");
      writeFileSync(path, "This is no database, and is long enough to be looked at as one.\n".repeat(20));
      expectRefusal(place, command.split(" "), /cannot be used as a database/, { ORCHESTRATOR_DB_PATH: path });
    },
  );
});

test("with --json a refusal is an event on stdout as well", () => {
  const { status, stdout } = new Place().orch(["run", TASK, "--repo", "nowhere", "--json"]);
  expect(status).toBe(2);
  const event = jobEventSchema.parse(JSON.parse(stdout));
  expect(event).toMatchObject({ type: "error", error: { code: "no-such-folder", hint: expect.any(String) } });
});

test("what is refused is said with what was meant", () => {
  const place = new Place();
  expect(place.orch(["rum", TASK]).stderr).toContain('did you mean "orch run"?');
  expect(place.orch(["run", TASK, "--concurency", "3"]).stderr).toContain("did you mean --concurrency?");
  expect(place.orch(["run", "Write", "it"]).stderr).toContain('orch run "Write it"');
});

test("a key is never printed, wherever it stands", () => {
  const place = new Place();
  const key = "sk-secret-0123456789abcdef";
  writeFileSync(join(place.folder, "work", ".env"), "OPENAI_API_KEY=not-like-a-key\n");
  const shown = place.orch(run(`/nowhere/${key}/not-like-a-key`, "--json"), { OPENAI_API_KEY: "" });
  expect(shown.status).toBe(2);
  expect(shown.stdout + shown.stderr).not.toContain(key);
  expect(shown.stdout + shown.stderr).not.toContain("not-like-a-key");
  jobEventSchema.parse(JSON.parse(shown.stdout));
});

test("list shows no jobs where there is no database, and makes none", () => {
  const place = new Place();
  const before = place.listing();
  const { status, stdout } = place.orch(["list"]);
  expect(status).toBe(0);
  expect(stdout).toContain("no jobs yet");
  expect(place.listing()).toEqual(before);
});

test("help and version need nothing, and print nothing on stderr", () => {
  const place = new Place();
  for (const args of [[], ["--help"], ["-h"], ["help"], ["run", "--help"], ["show", "-h"], ["--version"]]) {
    const { status, stdout, stderr } = place.orch(args, { OPENAI_API_KEY: "", PATH: "/nowhere" });
    expect(status, args.join(" ")).toBe(0);
    expect(stdout).not.toBe("");
    expect(stderr).toBe("");
  }
});
