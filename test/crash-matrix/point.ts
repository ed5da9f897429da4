/** A point of the crash matrix: a place before or after something that leaves a trace, and which time it is passed. */

/** `commit:before`, `git update-ref:after`, `codex:after-spawn` … */
export type PointName = `${string}:${"before" | "after" | "after-spawn" | "after-exit"}`;

export interface Point {
  readonly name: PointName;
  /** Counted for each name from 1, in each process anew. */
  readonly number: number;
}

/** What dies there. */
export type Victims = "orchestrator" | "codex" | "both";

/** What the preload is asked to do; without a point it only counts. */
export interface Order {
  readonly point: Point | null;
  readonly victims: Victims;
  /** What the orchestrator gets. Default: SIGKILL. */
  readonly signal?: "SIGKILL" | "SIGSTOP";
  /** Where it writes its report. */
  readonly report: string;
  /** The folder that the processes of this job, and no others, name in their environment. */
  readonly world: string;
}

export interface Report {
  /** The points that were passed, in their order; the last one is the point of the kill, if it was reached. */
  readonly passed: readonly Passed[];
  readonly landed: {
    readonly point: Point;
    /** How many points were passed until then, with this one. */
    readonly index: number;
    /** Milliseconds since the epoch. */
    readonly at: number;
    /** When the process last finished a write to the database; 0 if it did not. */
    readonly lastWriteAt: number;
    /** Of Codex and what it had started. */
    readonly killed: readonly number[];
    /** When those are dead: which answers of the model stand in Codex's own files, as `<thread> <id of the answer>`. */
    readonly kept: readonly string[];
    /** The threads in which a Codex process had not said that its turn was done. */
    readonly unended: readonly string[];
  } | null;
}

export interface Passed {
  readonly name: PointName;
  /** How many Codex processes of this orchestrator's ran then. */
  readonly codex: number;
}

/** The variable that carries the order to the preload. */
export const ORDER_VARIABLE = "ORCH_CRASH_ORDER";

export function formatPoint({ name, number }: Point): string {
  return `${name}#${number}`;
}

/** @throws Error if the text is no point */
export function parsePoint(text: string): Point {
  const [, name, number] = /^(.+:(?:before|after|after-spawn|after-exit))#([1-9]\d*)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`"${text}" is not a point such as "commit:before#17"`);
  return { name: name as PointName, number: Number(number) };
}
