/** One entry with all that it carries: what it changed, the event, what was wanted done. */

import { createResource, For, Show } from "solid-js";
import type { JsonValue } from "../../../../src/core/protocol/common.ts";
import { toErrorView } from "../../api/api-error.ts";
import { getEntry } from "../../api/jobs.ts";
import { IconButton } from "../../design/button.tsx";
import { ErrorWords } from "../../design/error-words.tsx";
import { Skeleton } from "../../design/skeleton.tsx";
import { eventInWords, stateInWords } from "../../words/events.ts";
import { fullTime } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import styles from "./entry-panel.module.css";

export function EntryPanel(props: { seq: number }) {
  const scope = useJob();
  const [entry] = createResource(
    () => props.seq,
    (seq) => getEntry(scope.id, seq),
  );
  return (
    <aside class={styles.panel} aria-label={`Entry ${props.seq}`}>
      <header class={styles.head}>
        <h2 class="num">Entry {props.seq}</h2>
        <IconButton icon="close" label="Back to now" size="sm" onClick={() => scope.setAt(null)} />
      </header>
      <Show when={entry.error}>{(error) => <ErrorWords error={toErrorView(error())} />}</Show>
      <Show when={!entry.error && entry.latest} fallback={<Skeleton width={30} />}>
        {(full) => (
          <>
            <p class={styles.title}>{eventInWords(full().event)}</p>
            <p class="faint num">
              {full().actorId}, {fullTime(full().at)}
            </p>
            <p class={styles.states}>
              <Show when={full().stateBefore}>{(state) => <span class="quiet">{stateInWords(state())} → </span>}</Show>
              <strong>{stateInWords(full().state)}</strong>
            </p>
            <Show when={full().error}>
              {(error) => (
                <div class={styles.error}>
                  <ErrorWords error={error()} />
                </div>
              )}
            </Show>
            <Show when={full().changes.length > 0}>
              <h3 class={styles.subtitle}>Changed</h3>
              <ul class={styles.changes}>
                <For each={full().changes}>
                  {(change) => (
                    <li>
                      <code class={styles.path}>{change.path}</code>
                      <Show when={change.before !== undefined}>
                        <pre class={`${styles.value} ${styles.before}`}>{short(change.before)}</pre>
                      </Show>
                      <Show when={change.after !== undefined}>
                        <pre class={`${styles.value} ${styles.after}`}>{short(change.after)}</pre>
                      </Show>
                    </li>
                  )}
                </For>
              </ul>
              <Show when={full().changesCut}>
                <p class="faint">More changed than is shown.</p>
              </Show>
            </Show>
            <Show when={full().fullEffects.length > 0}>
              <h3 class={styles.subtitle}>Wanted done</h3>
              <For each={full().fullEffects}>{(effect) => <pre class={styles.value}>{short(effect)}</pre>}</For>
            </Show>
            <h3 class={styles.subtitle}>Event</h3>
            <pre class={styles.value}>{short(full().payload)}</pre>
          </>
        )}
      </Show>
    </aside>
  );
}

function short(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
