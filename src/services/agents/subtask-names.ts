/** The ids that a planner wrote, made safe: they become folders, branches and refs. Pure. */

import { isSafeName, printable, slug } from "../../core/ids.ts";

export interface SubtaskNames {
  /** A safe name for each id, in the same order. Only unique if there are no problems. */
  readonly ids: readonly string[];
  readonly problems: readonly string[];
  /** The safe name of the subtask that a `dependsOn` entry means; undefined if there is none. */
  find(written: string): string | undefined;
}

/** As long as a safe name may be. */
const LONGEST = 64;
/** The worktree of the merged result, and the machine that merges it, have these names, so no subtask can have them. */
const TAKEN = ["result", "integration"];
/** On Windows no folder can have these: the result's branches are fetched there, too. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

export function nameSubtasks(written: readonly string[]): SubtaskNames {
  const ids = written.map(safeId);
  const problems: string[] = [];
  const first = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else if (written[earlier] === written[index]) problems.push(`two subtasks have the id "${printable(id)}"`);
    else {
      const both = `"${printable(written[earlier] as string)}" and "${printable(written[index] as string)}"`;
      problems.push(`the ids ${both} are too much alike: both would become "${id}"`);
    }
    if (isNothing(written[index] as string)) {
      problems.push(`the id "${printable(written[index] as string)}" has no letters or digits from a to z and 0 to 9`);
    }
  }
  const byWritten = new Map(written.map((text, index) => [text, ids[index] as string]));
  return {
    ids,
    problems,
    find(text) {
      const exact = byWritten.get(text);
      if (exact !== undefined) return exact;
      const safe = safeId(text);
      return first.has(safe) && !isNothing(text) ? safe : undefined;
    },
  };
}

function safeId(text: string): string {
  const safe = isSafeName(text) ? text : slug(text, LONGEST);
  return TAKEN.includes(safe) || DEVICE.test(safe) ? `${safe}-subtask` : safe;
}

/** Whether there is nothing to make a name of. */
function isNothing(text: string): boolean {
  return !/[a-z0-9]/i.test(text.normalize("NFKD"));
}
