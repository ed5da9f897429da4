/** The transitions between two states: when each is taken, what it does, and when it was. */

import { For, Show } from "solid-js";
import { Tag } from "../../design/badge.tsx";
import { IconButton } from "../../design/button.tsx";
import type { GraphEdge } from "../chart/graph.ts";
import { useInspector } from "../model/inspector.ts";
import type { Machine } from "../model/machines.ts";
import { EntryList } from "./entry-list.tsx";
import styles from "./panel.module.css";
import { PossibleEvents } from "./possible-events.tsx";

export function EdgeDetails(props: { machine: Machine; edge: GraphEdge }) {
  const { counts, select, entriesOf } = useInspector();
  const titleOf = (id: string) => props.machine.graph.nodes.find((node) => node.id === id)?.title ?? id;
  const ids = () => props.edge.lines.map(({ transition }) => transition);
  const actionsOf = (id: string) => props.machine.chart.transitions.find((one) => one.id === id)?.actions ?? [];
  const events = () => new Set(props.edge.lines.filter(({ kind }) => kind === "event").map(({ event }) => event));
  return (
    <>
      <section class={styles.section}>
        <h2 class={styles.title}>
          <span>
            {titleOf(props.edge.source)} <span class="faint">→</span> {titleOf(props.edge.target)}
          </span>
          <IconButton icon="close" label="Back to the last step" size="sm" onClick={() => select(null)} />
        </h2>
        <For each={props.edge.lines}>
          {(line) => (
            <div class={styles.card}>
              <div class={styles.line}>
                <span class={styles.name}>{line.event}</span>
                <Show when={line.guard}>
                  <span class={styles.guard}>[{line.guard}]</span>
                </Show>
                <Tag>
                  {(counts()?.transitions.get(line.transition) ?? 0) === 0
                    ? "never taken"
                    : `taken ${counts()?.transitions.get(line.transition)}×`}
                </Tag>
              </div>
              <Show when={actionsOf(line.transition).length > 0}>
                <p class={styles.last}>does {actionsOf(line.transition).join(", ")}</p>
              </Show>
            </div>
          )}
        </For>
      </section>
      <Show when={events().size > 0}>
        <PossibleEvents only={events()} />
      </Show>
      <section class={styles.section}>
        <h2 class={styles.heading}>When it was taken</h2>
        <EntryList entries={entriesOf(({ transitions }) => transitions.some((id) => ids().includes(id)), 50)} />
      </section>
    </>
  );
}
