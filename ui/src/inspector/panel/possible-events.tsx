/** The events that the actor can take now, each to be sent after a question. */

import { createMemo, createSignal, For, Show } from "solid-js";
import type { PossibleEvent } from "../../../../src/core/protocol/machine.ts";
import { getPossibleEvents } from "../../api/machines.ts";
import { Button } from "../../design/button.tsx";
import { stateInWords } from "../../words/events.ts";
import { useInspector } from "../model/inspector.ts";
import { createLoaded } from "../model/loaded.ts";
import styles from "./panel.module.css";
import { SendDialog } from "./send-dialog.tsx";

/** @param props.state only those that this state listens to; `only`: only these */
export function PossibleEvents(props: { state?: string; only?: ReadonlySet<string> }) {
  const { scope, actorId, actor, machine } = useInspector();
  const [sent, setSent] = createSignal<PossibleEvent | null>(null);
  // What is possible hangs on where the actor stands: not every entry needs a question.
  const moment = createMemo(() =>
    scope.at() === null ? `${actorId()} ${stateInWords(actor()?.state)} ${scope.now.job.state}` : null,
  );
  const events = createLoaded(moment, () => getPossibleEvents(scope.id));
  const own = createMemo(() => {
    const heard =
      props.state === undefined
        ? null
        : new Set(
            machine()
              ?.index.transitionsOf(props.state)
              .map(({ event }) => event),
          );
    return (events.value()?.events ?? []).filter(
      ({ actorId: of, type }) => of === actorId() && (heard?.has(type) ?? true) && (props.only?.has(type) ?? true),
    );
  });
  return (
    <Show when={scope.at() === null && own().length > 0}>
      <section class={styles.section}>
        <h2 class={styles.heading}>It can be told</h2>
        <ul class={styles.list}>
          <For each={own()}>
            {(event) => (
              <li class={styles.item}>
                <span class={styles.grow}>
                  {event.type}
                  <Show when={event.targets?.length ? event.targets : null}>
                    {(targets) => (
                      <span class="faint">
                        {" "}
                        →{" "}
                        {targets()
                          .map((id) => machine()?.index.state(id)?.path.join(".") ?? id)
                          .join(", ")}
                      </span>
                    )}
                  </Show>
                </span>
                <Button size="sm" onClick={() => setSent(event)}>
                  Send…
                </Button>
              </li>
            )}
          </For>
        </ul>
      </section>
      <Show when={sent()}>{(event) => <SendDialog event={event()} close={() => setSent(null)} />}</Show>
    </Show>
  );
}
