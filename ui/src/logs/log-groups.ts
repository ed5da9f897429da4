/** The logs of a job in groups: the job's own, then each subtask's, in the order of the plan. */

import type { LogSource } from "../../../src/core/protocol/logs.ts";

export interface LogGroup {
  /** Null: the job's own. */
  readonly subtaskId: string | null;
  readonly logs: readonly LogSource[];
}

/** @param order ids of the subtasks, as the plan has them */
export function groupLogs(logs: readonly LogSource[], order: readonly string[]): LogGroup[] {
  const groups = new Map<string | null, LogSource[]>([[null, []]]);
  for (const id of order) groups.set(id, []);
  for (const log of logs) {
    const group = groups.get(log.subtaskId);
    if (group) group.push(log);
    else groups.set(log.subtaskId, [log]);
  }
  return [...groups].flatMap(([subtaskId, found]) => (found.length > 0 ? [{ subtaskId, logs: found }] : []));
}

/** What a log is called below its group's name: `readings: turn` is `Turn` there. */
export function shortTitle({ title, subtaskId }: LogSource): string {
  const own = subtaskId !== null && title.startsWith(`${subtaskId}: `) ? title.slice(subtaskId.length + 2) : title;
  return own.slice(0, 1).toUpperCase() + own.slice(1);
}

/** Turns of one group get numbers, so that each has a name of its own. */
export function namesOf(logs: readonly LogSource[]): string[] {
  const titles = logs.map(shortTitle);
  const seen = new Map<string, number>();
  return titles.map((title) => {
    const nth = (seen.get(title) ?? 0) + 1;
    seen.set(title, nth);
    return titles.filter((other) => other === title).length > 1 ? `${title} ${nth}` : title;
  });
}
