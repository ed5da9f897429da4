/** A state as a word with its mark, or a plain word or number on a soft ground. */

import type { ParentProps } from "solid-js";
import styles from "./badge.module.css";
import { type MarkedState, StateMark } from "./state-mark.tsx";

/** `label` instead of the state's own name. */
export function StateBadge(props: { state: MarkedState; label?: string | undefined; isPlain?: boolean }) {
  return (
    <span class={`${styles.badge} ${props.isPlain ? styles.plain : ""}`} data-state={props.state}>
      <StateMark state={props.state} size={14} />
      {props.label ?? `${props.state[0]?.toUpperCase()}${props.state.slice(1)}`}
    </span>
  );
}

export function Tag(props: ParentProps<{ title?: string }>) {
  return (
    <span class={styles.tag} title={props.title}>
      {props.children}
    </span>
  );
}
