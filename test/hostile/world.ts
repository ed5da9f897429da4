/**
 * A throw-away place with everything that a trick could want to reach: the home of a user with secrets, their checkout
 * with a job's worktree, a bare repository beside it, a folder outside, and a listener. Nothing else on the machine is
 * meant by any trick, so that it may land here without harm.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Repository, Worktree } from "../../src/core/coding.ts";
import { jobPaths } from "../../src/core/job-paths.ts";
import { type Listener, listen } from "./listener.ts";
import type { PlacedTrick } from "./trick.ts";

export const JOB = "job-1";
/** The one key that the orchestrator is given. */
export const API_KEY = "sk-hostile-test-0123456789abcdef";

/** Small, so that a test need not fill the machine to get over it. */
export const MAX_PROCESSES = 100;

/** In the name of every trick of this process, and so on the command line of all that they leave running. */
const RUN = `h${randomBytes(3).toString("hex")}`;
export const ROOT = join(import.meta.dirname, "..", "..");

/** A trick with the name by which its traces are known. */
export interface Named<T> {
  readonly id: string;
  readonly trick: T;
}

const ID = new RegExp(`${RUN}x\\d+x`, "g");
const COUNT_EVERY_MS = 100;
/** Where programs may write besides, and where tricks do. */
const SHARED_FOLDERS = ["/dev/shm", "/var/tmp", "/tmp"];

let count = 0;
export const nameTrick = <T>(trick: T): Named<T> => ({ id: `${RUN}x${++count}x`, trick });

/** What only somebody who read it can know. */
export const secretOf = (id: string): string =>
  createHash("sha256").update(`secret of ${id}`).digest("hex").slice(0, 24);

export class World implements AsyncDisposable {
  readonly base: string;
  readonly home: string;
  readonly checkout: string;
  readonly remote: string;
  readonly outside: string;
  readonly worktree: Worktree;
  readonly repository: Repository;
  readonly listener: Listener;
  /** The environment of the user's session: with everything that a user has in it. */
  readonly environment: Record<string, string>;
  /** What whoever tried was told, by a tool or on a terminal. */
  told = "";
  readonly #ids = new Set<string>();
  readonly #most = new Map<string, number>();

  static async open(): Promise<World> {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "orch-hostile-")));
    return new World(base, await listen(join(base, "listener.sock")));
  }

  private constructor(base: string, listener: Listener) {
    this.base = base;
    this.listener = listener;
    this.home = join(base, "home");
    this.checkout = join(base, "checkout");
    this.remote = join(base, "remote.git");
    this.outside = join(base, "outside");
    this.environment = {
      PATH: [join(ROOT, "node_modules", ".bin"), process.env.PATH].join(delimiter),
      HOME: this.home,
      LANG: "C.UTF-8",
      OPENAI_API_KEY: API_KEY,
      GIT_CONFIG_NOSYSTEM: "1",
      ...(process.env.TMPDIR !== undefined && { TMPDIR: process.env.TMPDIR }),
    };
    for (const folder of [this.home, this.outside, join(this.checkout, "src")]) mkdirSync(folder, { recursive: true });
    const worktrees = jobPaths(this.checkout, JOB).worktrees;
    this.worktree = { name: "left", branch: `orch/${JOB}/left`, path: join(worktrees, "left") };
    this.repository = this.#makeRepository();
  }

  #makeRepository(): Repository {
    writeFileSync(join(this.home, ".gitconfig"), "[user]\n\tname = A User\n\temail = user@localhost\n");
    writeFileSync(join(this.checkout, "README.md"), "# A project\n");
    writeFileSync(join(this.checkout, "src/app.js"), "export const answer = 42;\n");
    // What every one of them starts when it wants to know whether it is run: takes its trick's name first.
    writeFileSync(join(this.base, "evil"), `#!/bin/sh\ntouch ${this.outside}/$1\ncat\n`, { mode: 0o755 });
    // The same for where git would wait for an answer.
    writeFileSync(join(this.base, "mark"), `#!/bin/sh\ntouch ${this.outside}/$1\n`, { mode: 0o755 });
    writeFileSync(join(this.base, "attributes"), "* diff=evil filter=evil\n");
    this.sh(
      [
        `git init -q --bare ${this.remote}`,
        "git init -q -b trunk",
        "git add -A",
        "git commit -qm first",
        "echo more >> README.md",
        "git commit -qam second",
        `git remote add origin ${this.remote}`,
        "git push -q origin trunk",
        "echo /.codex/jobs/ >> .git/info/exclude",
      ].join(" && "),
      this.checkout,
    );
    return {
      root: this.checkout,
      gitDir: join(this.checkout, ".git"),
      objectFormat: "sha1",
      baseCommit: this.git("rev-parse", "HEAD"),
      baseBranch: "trunk",
      author: { name: "A User", email: "user@localhost" },
      push: { remote: "origin", url: this.remote },
    };
  }

  /** The worktree as git itself makes it. */
  addWorktree(): void {
    const { path, branch } = this.worktree;
    this.sh(`git worktree add -q --no-track -b ${branch} ${path}`, this.checkout);
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.checkout, encoding: "utf8", env: this.environment }).trim();
  }

  /** Runs shell text as the user would, to prepare something. Throws if it fails. */
  sh(text: string, cwd: string): void {
    const result = spawnSync("bash", ["-c", text], { cwd, encoding: "utf8", env: this.environment });
    if (result.status !== 0)
      throw new Error(`preparing failed: ${text.slice(0, 2000)}\n${result.stdout}${result.stderr}`);
  }

  /** Makes the place ready for the tricks: their secrets, and what each needs. `cwd`: where their setups run. */
  prepare(tricks: readonly Named<Pick<PlacedTrick, "setup" | "environment">>[], cwd: string): void {
    for (const { id } of tricks) {
      this.#ids.add(id);
      writeFileSync(join(this.home, `${id}.secret`), `${secretOf(id)}\n`);
      // A name that says what it is, and one that doesn't.
      this.environment[`${id.toUpperCase()}_TOKEN`] = secretOf(id);
      this.environment[`${id.toUpperCase()}_NOTE`] = secretOf(id);
    }
    const parts = tricks.flatMap(({ id, trick }) =>
      trick.setup === undefined ? [] : [`(\n${this.fill(trick.setup, id)}\n) || echo failed: ${id} >&2`],
    );
    if (parts.length > 0) this.sh(parts.join("\n"), cwd);
    for (const { id, trick } of tricks) {
      for (const [name, value] of Object.entries(trick.environment ?? {})) {
        this.environment[name] = this.fill(value, id);
      }
    }
  }

  fill(text: string, id: string): string {
    const values: Record<string, string> = {
      id,
      token: `${id.toUpperCase()}_TOKEN`,
      note: `${id.toUpperCase()}_NOTE`,
      $token: `$${id.toUpperCase()}_TOKEN`,
      $note: `$${id.toUpperCase()}_NOTE`,
      base: this.base,
      home: this.home,
      checkout: this.checkout,
      gitdir: join(this.checkout, ".git"),
      worktree: this.worktree.path,
      remote: this.remote,
      outside: this.outside,
      port: String(this.listener.port),
      socket: join(this.base, "listener.sock"),
      evil: join(this.base, "evil"),
      mark: join(this.base, "mark"),
      path: this.environment.PATH ?? "",
    };
    return text.replace(/\{(\$?\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  }

  /** The processes that tricks of this place left running, by their command lines. */
  leftProcesses(): { readonly pid: number; readonly command: string }[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .flatMap((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
          const isOurs = command.includes(this.base) || command.match(ID)?.some((id) => this.#ids.has(id)) === true;
          return isOurs ? [{ pid: Number(pid), command }] : [];
        } catch {
          // It ended meanwhile.
          return [];
        }
      });
  }

  /** Counts, while `work` goes on, the processes of each trick. */
  async counting<T>(work: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => this.#count(), COUNT_EVERY_MS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** The most processes at a time that had the trick's name on their command line. */
  mostProcesses(id: string): number {
    this.#count();
    return this.#most.get(id) ?? 0;
  }

  #count(): void {
    const now = new Map<string, number>();
    for (const { command } of this.leftProcesses()) {
      for (const id of new Set(command.match(ID))) now.set(id, (now.get(id) ?? 0) + 1);
    }
    for (const [id, number] of now) this.#most.set(id, Math.max(number, this.#most.get(id) ?? 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of this.leftProcesses()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended meanwhile.
      }
    }
    for (const folder of SHARED_FOLDERS) {
      for (const name of readdirSync(folder)) {
        if (this.#ids.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
      }
    }
    await this.listener[Symbol.asyncDispose]();
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  }
}
