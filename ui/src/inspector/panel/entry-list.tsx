/** Entries of the history, each a way to that point in time. */

import { Index, Show } from "solid-js";
import { eventInWords, stateInWords } from "../../words/events.ts";
import { clock, count } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import type { Step } from "../path/actor-path.ts";
import styles from "./panel.module.css";

export function EntryList(props: { entries: readonly { readonly seq: number; readonly step: Step }[] }) {
  const { scope } = useInspector();
  return (
    <Show when={props.entries.length > 0} fallback={<p class="faint">None up to this point.</p>}>
      <ul class={styles.list}>
        <Index each={props.entries}>
          {(entry) => (
            <li>
              <button
                type="button"
                class={styles.item}
                aria-current={scope.at() === entry().seq ? "true" : undefined}
                onClick={() => scope.setAt(entry().seq >= scope.last() ? null : entry().seq)}
              >
                <span class={`${styles.side} num`}>#{count(entry().seq)}</span>
                <span class={styles.grow}>
                  {eventInWords(entry().step.event)} <span class="faint">→ {stateInWords(entry().step.after)}</span>
                </span>
                <span class={`${styles.side} num`}>{clock(scope.entries.timeOf(entry().seq) ?? 0)}</span>
              </button>
            </li>
          )}
        </Index>
      </ul>
    </Show>
  );
}
