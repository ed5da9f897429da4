/** An error as a person needs it: what happened, what to do next, and the causes for those who want to know. */

import { For, Show } from "solid-js";
import type { ErrorView, FullError } from "../../../src/core/protocol/common.ts";
import styles from "./error-words.module.css";

export function ErrorWords(props: { error: ErrorView | FullError }) {
  const causes = () => ("causes" in props.error ? props.error.causes : []);
  return (
    <div class={styles.error}>
      <p class={`${styles.message} words`}>{props.error.message}</p>
      <Show when={props.error.hint}>
        <p class={`${styles.hint} words`}>{props.error.hint}</p>
      </Show>
      <Show when={causes().length > 0}>
        <ol class={styles.causes}>
          <For each={causes()}>
            {(cause) => (
              <li class="words">
                <span class={styles.because}>because</span> {cause.message}
                <Show when={cause.hint}>
                  <span class={styles.hint}> {cause.hint}</span>
                </Show>
              </li>
            )}
          </For>
        </ol>
      </Show>
      <Show when={props.error.code}>
        <code class={styles.code}>{props.error.code}</code>
      </Show>
    </div>
  );
}
