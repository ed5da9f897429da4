/** A key, or several one after the other, as they stand on the keyboard. */

import { For } from "solid-js";
import styles from "./keys.module.css";

/** @param props.keys with spaces between them: `g j` */
export function Keys(props: { keys: string }) {
  return (
    <span class={styles.keys}>
      <For each={props.keys.split(" ")}>{(key) => <kbd class={styles.key}>{key}</kbd>}</For>
    </span>
  );
}
