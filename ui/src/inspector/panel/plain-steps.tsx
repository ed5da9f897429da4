/** The steps of an actor whose machine cannot be drawn: its history says enough. */

import { createMemo, Show } from "solid-js";
import { useInspector } from "../model/inspector.ts";
import { Children } from "./children.tsx";
import { EntryList } from "./entry-list.tsx";
import styles from "./panel.module.css";
import { Services } from "./services.tsx";
import { Signals } from "./signals.tsx";
import { Timers } from "./timers.tsx";

const MOST = 20;
/** In a long history of many actors the last steps of one may be far back. */
const LOOKED_AT = 20_000;

export function PlainSteps() {
  const { scope, shownSeq, actorId, machineError } = useInspector();
  const steps = createMemo(() => {
    const found = [];
    const last = shownSeq();
    for (let seq = last; seq > Math.max(0, last - LOOKED_AT) && found.length < MOST; seq -= 1) {
      const entry = scope.entries.get(seq);
      if (entry?.actorId !== actorId()) continue;
      found.push({ seq, step: { event: entry.event, before: null, after: entry.state, transitions: [], entered: [] } });
    }
    return found;
  });
  return (
    <Show when={machineError()}>
      <Services ids={null} heading="At work" />
      <Children />
      <Timers />
      <Signals />
      <section class={styles.section}>
        <h2 class={styles.heading}>Steps so far</h2>
        <EntryList entries={steps()} />
      </section>
    </Show>
  );
}
