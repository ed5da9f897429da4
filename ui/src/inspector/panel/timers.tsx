/** Delayed events that are on their way. */

import { createMemo, For, Show } from "solid-js";
import { useLive } from "../../live/live.tsx";
import { eventInWords } from "../../words/events.ts";
import { clock, duration } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import styles from "./panel.module.css";

/** @param props.state only those of its delayed transitions */
export function Timers(props: { state?: string }) {
  const { detail, scope } = useInspector();
  const { now } = useLive();
  const own = createMemo(() =>
    (detail()?.timers ?? []).filter(({ event }) => props.state === undefined || event.endsWith(`.${props.state}`)),
  );
  return (
    <Show when={own().length > 0}>
      <section class={styles.section}>
        <h2 class={styles.heading}>Timers</h2>
        <ul class={styles.list}>
          <For each={own()}>
            {({ event, fireAt }) => (
              <li class={styles.item}>
                <span class={styles.grow}>{eventInWords(event)}</span>
                <span class={`${styles.side} num`}>
                  {clock(fireAt)}
                  <Show when={scope.at() === null}>
                    {fireAt > now() ? `, in ${duration(fireAt - now())}` : ", due"}
                  </Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
