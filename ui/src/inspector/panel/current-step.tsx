/** The last step of the actor, what it waits for now, and what it can be told. */

import { createMemo, For, Show } from "solid-js";
import { eventInWords, stateInWords } from "../../words/events.ts";
import { clock, count } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import type { Machine } from "../model/machines.ts";
import { Children } from "./children.tsx";
import { EntryList } from "./entry-list.tsx";
import styles from "./panel.module.css";
import { PossibleEvents } from "./possible-events.tsx";
import { Services } from "./services.tsx";
import { Signals } from "./signals.tsx";
import { Timers } from "./timers.tsx";

export function CurrentStep(props: { machine: Machine }) {
  const { counts, scope, active, entriesOf } = useInspector();
  const last = () => counts()?.last ?? null;
  const services = createMemo(
    () =>
      new Set(
        props.machine.chart.states
          .filter(({ id }) => active().has(id))
          .flatMap(({ invokes }) => invokes.map(({ id }) => id)),
      ),
  );
  const error = () => scope.entries.get(last()?.seq ?? 0)?.error;
  return (
    <>
      <section class={styles.section}>
        <Show when={last()} fallback={<p class="faint">It had not begun at this point.</p>}>
          {(step) => (
            <>
              <h2 class={styles.heading}>
                Last step{" "}
                <span class="num faint">
                  #{count(step().seq)} · {clock(scope.entries.timeOf(step().seq) ?? 0)}
                </span>
              </h2>
              <p class={styles.title}>{eventInWords(step().step.event)}</p>
              <p class={styles.steps}>
                <Show when={step().step.before}>
                  {(before) => (
                    <>
                      <span class={styles.state}>{stateInWords(before())}</span>
                      <span class="faint" aria-hidden="true">
                        →
                      </span>
                      <span class="only-spoken">to</span>
                    </>
                  )}
                </Show>
                <span class={`${styles.state} ${styles.to}`}>{stateInWords(step().step.after)}</span>
              </p>
              <For each={step().step.transitions}>{(id) => <Taken machine={props.machine} id={id} />}</For>
              <Show when={error()}>
                {(shown) => (
                  <p class="words" data-state="failed">
                    {shown().message}
                  </p>
                )}
              </Show>
            </>
          )}
        </Show>
      </section>
      <Services ids={services()} heading="At work" />
      <Children />
      <Timers />
      <Signals />
      <PossibleEvents />
      <section class={styles.section}>
        <h2 class={styles.heading}>Steps so far</h2>
        <EntryList entries={entriesOf(() => true, 20)} />
      </section>
    </>
  );
}

function Taken(props: { machine: Machine; id: string }) {
  const transition = () => props.machine.chart.transitions.find(({ id }) => id === props.id);
  const words = () => props.machine.words.get(props.id);
  return (
    <p class="quiet">
      {words()?.event}
      <Show when={words()?.guard}>
        <span class={styles.guard}> [{words()?.guard}]</span>
      </Show>
      <Show when={(transition()?.actions.length ?? 0) > 0}>
        <span class="faint"> / {transition()?.actions.join(", ")}</span>
      </Show>
    </p>
  );
}
