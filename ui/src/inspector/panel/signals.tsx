/** Events that were sent to the actor and wait for it to take them. */

import { For, Show } from "solid-js";
import { eventInWords } from "../../words/events.ts";
import { clock } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import styles from "./panel.module.css";

export function Signals() {
  const { detail } = useInspector();
  return (
    <Show when={(detail()?.signals.length ?? 0) > 0}>
      <section class={styles.section}>
        <h2 class={styles.heading}>Waiting to be taken</h2>
        <ul class={styles.list}>
          <For each={detail()?.signals ?? []}>
            {({ event, createdAt }) => (
              <li class={styles.item}>
                <span class={styles.grow}>{eventInWords(event)}</span>
                <Show when={createdAt}>{(time) => <span class={`${styles.side} num`}>{clock(time())}</span>}</Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
