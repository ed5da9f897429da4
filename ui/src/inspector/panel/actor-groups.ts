/** The actors of a job as a list: grouped by their state, those that move first. Pure. */

import type { ActorItem } from "../../../../src/core/protocol/history.ts";
import { stateInWords } from "../../words/events.ts";

export type ActorRow =
  | { readonly kind: "group"; readonly name: string; readonly size: number }
  | { readonly kind: "actor"; readonly actor: ActorItem; readonly name: string };

/** `part-9` before `part-10`. */
const byName = new Intl.Collator("en", { numeric: true });

const ORDER: Readonly<Record<ActorItem["status"], number>> = { active: 0, error: 1, stopped: 2, done: 3 };

/** @param text is looked for in ids, without regard to case */
export function actorRows(actors: readonly ActorItem[], text: string): ActorRow[] {
  const wanted = text.trim().toLowerCase();
  const found = actors.filter(({ id }) => id !== "job" && id.toLowerCase().includes(wanted));
  const groups = [...Map.groupBy(found, groupOf)].toSorted(
    ([nameA, a], [nameB, b]) => rankOf(a) - rankOf(b) || b.length - a.length || nameA.localeCompare(nameB),
  );
  return groups.flatMap(([name, own]) => [
    { kind: "group" as const, name, size: own.length },
    ...own
      .toSorted((a, b) => byName.compare(a.id, b.id))
      .map((actor) => ({ kind: "actor" as const, actor, name: actor.id.replace(/^job\//, "") })),
  ]);
}

function groupOf({ workflow, state, status }: ActorItem): string {
  const words = state === null ? "not begun" : stateInWords(state);
  return `${workflow} · ${status === "stopped" && words !== "done" ? `${words}, stopped` : words}`;
}

/** Failed ones come before those that are well. */
function rankOf([first]: readonly ActorItem[]): number {
  if (first === undefined) return 9;
  return first.state === "failed" ? 0.5 : ORDER[first.status];
}
