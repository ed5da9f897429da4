/** A place where nothing is yet: what would stand here, and how it gets there. `isPage`: it is all that is on the page. */

import { type JSX, type ParentProps, Show } from "solid-js";
import styles from "./empty.module.css";

export function Empty(
  props: ParentProps<{ title: string; isPage?: boolean; picture?: JSX.Element; action?: JSX.Element }>,
) {
  return (
    <div class={styles.empty}>
      <Show when={props.picture}>
        <div class={styles.picture}>{props.picture}</div>
      </Show>
      <Show when={props.isPage} fallback={<h2 class={styles.title}>{props.title}</h2>}>
        <h1 class={styles.title}>{props.title}</h1>
      </Show>
      <div class={styles.words}>{props.children}</div>
      <Show when={props.action}>
        <div class={styles.action}>{props.action}</div>
      </Show>
    </div>
  );
}
