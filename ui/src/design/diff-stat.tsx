/** How much a diff changes: files, lines that came and went, and the two as five squares. */

import { For } from "solid-js";
import type { DiffStatView } from "../../../src/core/protocol/common.ts";
import { count, many } from "../words/format.ts";
import styles from "./diff-stat.module.css";

const SQUARES = 5;

export function DiffStat(props: { stat: DiffStatView }) {
  const squares = () => {
    const { insertions, deletions } = props.stat;
    const all = insertions + deletions;
    if (all === 0) return Array.from({ length: SQUARES }, () => "none");
    const added = Math.round((insertions / all) * SQUARES);
    return Array.from({ length: SQUARES }, (_, index) => (index < added ? "added" : "removed"));
  };
  return (
    <span class={`${styles.stat} num`}>
      <span>{many(props.stat.files, "file")}</span>
      <span class={styles.added}>+{count(props.stat.insertions)}</span>
      <span class={styles.removed}>−{count(props.stat.deletions)}</span>
      <span class={styles.squares} aria-hidden="true">
        <For each={squares()}>{(kind) => <span data-kind={kind} />}</For>
      </span>
    </span>
  );
}
