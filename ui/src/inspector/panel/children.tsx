/** The child machines that are at work, each to be opened. */

import { createMemo, For, Show } from "solid-js";
import { StateMark } from "../../design/state-mark.tsx";
import { stateInWords } from "../../words/events.ts";
import { count } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import { markOf } from "./actor-list.tsx";
import styles from "./panel.module.css";

const FEW = 8;

export function Children() {
  const { scope, actorId, open } = useInspector();
  const own = createMemo(() =>
    scope.actors().filter(({ parentId, status }) => parentId === actorId() && status === "active"),
  );
  return (
    <Show when={own().length > 0}>
      <section class={styles.section}>
        <h2 class={styles.heading}>
          Child machines at work <span class="faint num">{own().length > FEW ? count(own().length) : ""}</span>
        </h2>
        <ul class={styles.list}>
          <For each={own().slice(0, FEW)}>
            {(child) => (
              <li>
                <button type="button" class={styles.item} onClick={() => open(child.id)}>
                  <StateMark state={markOf(child)} size={12} />
                  <span class={styles.grow}>{child.invokeId ?? child.id}</span>
                  <span class={styles.side}>{stateInWords(child.state)}</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
