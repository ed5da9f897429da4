/** A part of the overview, in a frame with its name. */

import { createUniqueId, type JSX, type ParentProps, Show } from "solid-js";
import styles from "./card.module.css";

export function Card(props: ParentProps<{ title: string; end?: JSX.Element }>) {
  const id = createUniqueId();
  return (
    <section class={styles.card} aria-labelledby={id}>
      <div class={styles.head}>
        <h2 id={id}>{props.title}</h2>
        <Show when={props.end}>
          <div class={styles.end}>{props.end}</div>
        </Show>
      </div>
      {props.children}
    </section>
  );
}
