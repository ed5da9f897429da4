/** Something that needs the user: a mark, a sentence, and what goes with it, on the ground of its state. */

import type { ParentProps } from "solid-js";
import { type MarkedState, StateMark } from "../../design/state-mark.tsx";
import styles from "./notice.module.css";

export function Notice(props: ParentProps<{ state: MarkedState; title: string }>) {
  return (
    <section class={styles.notice} data-state={props.state}>
      <StateMark state={props.state} size={18} />
      <div class={styles.words}>
        <h2 class={`${styles.title} num`}>{props.title}</h2>
        {props.children}
      </div>
    </section>
  );
}
