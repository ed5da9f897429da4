/** What happened to a file in one sign, and how many lines came and went. */

import { Show } from "solid-js";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { count } from "../words/format.ts";
import styles from "./file-marks.module.css";

const SIGNS = { added: "A", deleted: "D", modified: "M", renamed: "R", type: "T" } as const;
const WORDS = {
  added: "added",
  deleted: "deleted",
  modified: "modified",
  renamed: "renamed",
  type: "became another kind of file",
} as const;

export function FileSign(props: { status: ChangedFile["status"] }) {
  return (
    <span
      class={`${styles.sign} ${styles[props.status]}`}
      role="img"
      aria-label={WORDS[props.status]}
      title={WORDS[props.status]}
    >
      {SIGNS[props.status]}
    </span>
  );
}

/** `binary` for a file without lines. */
export function LineCounts(props: { insertions: number | null; deletions: number | null }) {
  return (
    <Show
      when={props.insertions !== null && props.deletions !== null}
      fallback={<span class={styles.binary}>binary</span>}
    >
      <span class={`${styles.counts} num`}>
        <Show when={props.insertions}>
          {(lines) => (
            <span class={styles.insertions}>
              <span aria-hidden="true">+{count(lines())}</span>
              <span class="only-spoken">{count(lines())} added</span>
            </span>
          )}
        </Show>
        <Show when={props.deletions}>
          {(lines) => (
            <span class={styles.deletions}>
              <span aria-hidden="true">−{count(lines())}</span>
              <span class="only-spoken">{count(lines())} removed</span>
            </span>
          )}
        </Show>
      </span>
    </Show>
  );
}

/** Five squares: how much of the change came, and how much went. */
export function ChangeBar(props: { insertions: number | null; deletions: number | null }) {
  const squares = () => {
    const [came, went] = [props.insertions ?? 0, props.deletions ?? 0];
    const all = came + went;
    const green = all === 0 ? 0 : Math.round((came / all) * 5);
    return Array.from({ length: 5 }, (_, index) => (all === 0 ? "" : index < green ? styles.came : styles.went));
  };
  return (
    <span class={styles.bar} aria-hidden="true">
      {squares().map((kind) => (
        <span class={`${styles.square} ${kind}`} />
      ))}
    </span>
  );
}
