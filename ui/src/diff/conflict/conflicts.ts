/** The conflicts of a job, as the page holds them; which one is shown stands in the address. */

import { type Accessor, createMemo, createSignal, onCleanup } from "solid-js";
import type { ConflictFile, ConflictView } from "../../../../src/core/protocol/diffs.ts";
import { getConflictFile, listConflicts } from "../../api/diffs.ts";
import { query } from "../../routing/router.ts";

export interface Conflicts {
  /** Those of the part whose diff is shown: met in its worktree, or by its work elsewhere. */
  readonly own: Accessor<readonly ConflictView[]>;
  readonly current: Accessor<ConflictView | undefined>;
  readonly file: (conflict: ConflictView, index: number) => Promise<ConflictFile>;
  readonly refresh: () => void;
}

/** @param of a subtask's id or `result` */
export function createConflicts(job: string, of: Accessor<string>): Conflicts {
  const [all, setAll] = createSignal<readonly ConflictView[]>([]);
  const aborter = new AbortController();
  onCleanup(() => aborter.abort());
  const refresh = async () => {
    try {
      const { conflicts } = await listConflicts(job, aborter.signal);
      if (JSON.stringify(conflicts) !== JSON.stringify(all())) setAll(conflicts);
    } catch {
      // The diff itself says what is wrong; the list is asked for again when the job goes on.
    }
  };
  void refresh();
  const own = createMemo(() =>
    all().filter(({ into, subtaskId }) => (of() === "result" ? into === null : into === of() || subtaskId === of())),
  );
  return {
    own,
    current: createMemo(() => {
      const id = query("conflict");
      return id === null ? undefined : own().find((conflict) => String(conflict.id) === id);
    }),
    file: (conflict, index) => getConflictFile(job, conflict.id, index, aborter.signal),
    refresh: () => void refresh(),
  };
}
