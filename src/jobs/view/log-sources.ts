/** The logs of a job: which there are, and their lines or items by number. What is read is made of names that are known. */

import { lstat, readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../../core/errors.ts";
import { isSafeName, printable } from "../../core/ids.ts";
import { jobPaths } from "../../core/job-paths.ts";
import type { LogPage, LogSource } from "../../core/protocol/logs.ts";
import type { Redact } from "../../core/redact.ts";
import { listRuns, listTurns, type TurnRun } from "../../services/codex/turn-folder.ts";
import type { Reads } from "../../store/reads.ts";
import type { JobRecord } from "../../store/store.ts";
import { inputOf } from "../jobs.ts";
import { LineIndex } from "./line-index.ts";
import { partOf } from "./parts.ts";
import { shownText } from "./shown-text.ts";
import { TurnItems } from "./turn-items.ts";

const LONGEST_LINE = 10_000;
/** Lines that one search looks at, at most: it says where to go on. */
const SEARCHED_LINES = 200_000;
const MOST_KEPT = 40;

interface LogQuery {
  readonly from: number;
  readonly limit: number;
  readonly search?: string | undefined;
}

/** Every log that there is, the job's own first, then by when they began. */
export async function listLogs(reads: Reads, job: JobRecord): Promise<LogSource[]> {
  const paths = jobPaths(inputOf(job).repository.root, job.id);
  const named: readonly (readonly [string, LogSource["kind"], string, string, string | null])[] = [
    ["job", "job", "Job", paths.log, null],
    ["planner", "planner", "The planner's answer", paths.plannerOutput, null],
    ["repo-commands", "repo-commands", "The planner's commands", paths.commandLog, null],
    ...(await commandLogs(paths.job)).map(
      (name) =>
        [
          `commands-${name}`,
          "commands",
          titleOf(name),
          join(paths.job, `commands-${name}.log`),
          partOfName(name),
        ] as const,
    ),
  ];
  const files = await Promise.all(
    named.map(async ([id, kind, title, path, subtaskId]) =>
      sourceOf({ id, kind, title, subtaskId, isItems: false }, path),
    ),
  );
  return [...files, ...(await turnSources(reads, job))].filter((source) => source !== null);
}

export class JobLogs {
  readonly #redact: Redact;
  readonly #lines = new Map<string, LineIndex>();
  readonly #items = new Map<string, TurnItems>();

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** @throws UsageError `log-unknown` */
  async page(job: JobRecord, id: string, query: LogQuery): Promise<LogPage> {
    const paths = jobPaths(inputOf(job).repository.root, job.id);
    const run = turnOf(paths.turns, job.id, id);
    if (run) return this.#itemPage(id, await this.#turn(run), query);
    const path = await linesFile(paths, id);
    if (path === null) throw unknownLog(job.id, id);
    return this.#linePage(
      id,
      keep(this.#lines, path, () => new LineIndex(path)),
      query,
    );
  }

  /** The file that a log is in; null if there is none of that name. */
  async fileOf(job: JobRecord, id: string): Promise<string | null> {
    const paths = jobPaths(inputOf(job).repository.root, job.id);
    return turnOf(paths.turns, job.id, id)?.events ?? (await linesFile(paths, id));
  }

  async #turn(run: TurnRun) {
    await refuseLinks(run.folder, run.events);
    return keep(this.#items, run.events, () => new TurnItems(run)).read();
  }

  async #linePage(id: string, index: LineIndex, { from, limit, search }: LogQuery): Promise<LogPage> {
    const lines: LogPage["lines"] = [];
    const wanted = search?.toLowerCase();
    let next: number | null = null;
    const { total } = await index.read(from, wanted === undefined ? limit : SEARCHED_LINES, (n, raw) => {
      const text = shownText(this.#redact(raw), LONGEST_LINE);
      next = n + 1;
      if (wanted === undefined || text.toLowerCase().includes(wanted)) lines.push({ n, text });
      return lines.length < limit;
    });
    const isMore = wanted !== undefined && next !== null && next < total;
    return { id, total, lines, items: [], next: isMore ? next : null };
  }

  #itemPage(id: string, all: Awaited<ReturnType<TurnItems["read"]>>, { from, limit, search }: LogQuery): LogPage {
    const wanted = search?.toLowerCase();
    const first = from < 0 ? Math.max(0, all.length + from) : from;
    const found = all
      .slice(first)
      .filter((item) => wanted === undefined || JSON.stringify(item).toLowerCase().includes(wanted));
    const items = found.slice(0, limit).map((item) => JSON.parse(this.#redact(JSON.stringify(item))) as typeof item);
    const last = items.at(-1);
    const isMore = wanted !== undefined && found.length > limit && last !== undefined;
    return { id, total: all.length, lines: [], items, next: isMore ? last.n + 1 : null };
  }
}

/** The last ones that were asked for. */
function keep<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const value = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return value;
}

async function linesFile(paths: ReturnType<typeof jobPaths>, id: string): Promise<string | null> {
  const path = nameOfFile(paths, id);
  if (path === null) return null;
  await refuseLinks(paths.job, path);
  return path;
}

function nameOfFile(paths: ReturnType<typeof jobPaths>, id: string): string | null {
  switch (id) {
    case "job":
      return paths.log;
    case "planner":
      return paths.plannerOutput;
    case "repo-commands":
      return paths.commandLog;
  }
  const name = /^commands-([a-z0-9-]+)$/.exec(id)?.[1];
  return name !== undefined && isWorktreeName(name) ? join(paths.job, `commands-${name}.log`) : null;
}

/** `turn-<effect>-<number>`; the effect's name is one of this job's. */
function turnOf(turns: string, jobId: string, id: string): TurnRun | null {
  const [, effect, number] = /^turn-([a-z0-9-]+)-(\d{1,6})$/.exec(id) ?? [];
  if (effect === undefined || !effect.startsWith(`${jobId}-`) || !/^-\d+-\d+$/.test(effect.slice(jobId.length)))
    return null;
  return listRuns(join(turns, effect)).find((run) => run.number === Number(number)) ?? null;
}

async function turnSources(reads: Reads, job: JobRecord): Promise<(LogSource | null)[]> {
  const { turns } = jobPaths(inputOf(job).repository.root, job.id);
  const actors = new Map(
    reads.listActivityFacts(job.id).flatMap((one) => {
      const isTurn = one.name === "runCodexTurn";
      return isTurn ? [[one.effectId.replaceAll(":", "-"), one] as const] : [];
    }),
  );
  const found = listTurns(turns).flatMap(({ effect, runs }) => {
    const activity = actors.get(effect);
    return activity ? runs.map((run) => ({ run, effect, activity })) : [];
  });
  found.sort((a, b) => a.activity.number - b.activity.number || a.run.number - b.run.number);
  return Promise.all(
    found.map(({ run, effect, activity }) => {
      const subtaskId = partOf(activity.actorId);
      const what = activity.invokeId === "resolve" ? "conflict" : activity.invokeId === "repair" ? "repair" : "turn";
      const title = `${subtaskId ?? "result"}: ${what}${run.number > 1 ? `, process ${run.number}` : ""}`;
      const id = `turn-${effect}-${run.number}`;
      return sourceOf({ id, kind: "turn", title, subtaskId, isItems: true }, run.events);
    }),
  );
}

async function sourceOf(source: Omit<LogSource, "bytes" | "updatedAt">, path: string): Promise<LogSource | null> {
  try {
    const facts = await lstat(path);
    return facts.isFile() ? { ...source, bytes: facts.size, updatedAt: facts.mtimeMs } : null;
  } catch {
    return null;
  }
}

async function commandLogs(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((file) => /^commands-([a-z0-9-]+)\.log$/.exec(file)?.[1] ?? [])
    .filter(isWorktreeName)
    .sort();
}

/** The job's folder lies in a repository: what is a link there, or lies behind one, is not read. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  try {
    const parent = dirname(path);
    if ((await realpath(parent)) === join(await realpath(dirname(folder)), ...relativeParts(dirname(folder), parent)))
      return;
  } catch {
    // Not there: nothing is read.
    return;
  }
  throw new UsageError("the job's folder is not where it was made", { code: "log-unknown" });
}

function relativeParts(from: string, to: string): string[] {
  return to.slice(from.length).split("/").filter(Boolean);
}

function titleOf(name: string): string {
  return name === "result" ? "Verification" : `${name}: setup`;
}

function partOfName(name: string): string | null {
  return name === "result" ? null : name.replace(/--\d+$/, "");
}

function isWorktreeName(name: string): boolean {
  return isSafeName(name.replace(/--\d+$/, ""));
}

function unknownLog(jobId: string, id: string): UsageError {
  return new UsageError(`job ${jobId} has no log "${printable(id)}"`, { code: "log-unknown" });
}
