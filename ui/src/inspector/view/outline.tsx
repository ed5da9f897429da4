/** The statechart as a list: for those who hear it, and for narrow windows. */

import { For, Show } from "solid-js";
import type { GraphNode } from "../chart/graph.ts";
import { useInspector } from "../model/inspector.ts";
import type { Machine } from "../model/machines.ts";
import styles from "./outline.module.css";

export function Outline(props: { machine: Machine }) {
  const nodes = () => props.machine.graph.nodes.filter(({ type }) => type !== "any");
  return (
    <nav class={styles.outline} aria-label={`States of ${props.machine.chart.name}`}>
      <States nodes={nodes()} parent={props.machine.graph.root} />
    </nav>
  );
}

function States(props: { nodes: readonly GraphNode[]; parent: string }) {
  const own = () => props.nodes.filter(({ parent }) => parent === props.parent);
  return (
    <ul class={styles.list}>
      <For each={own()}>
        {(node) => (
          <li>
            <StateLine node={node} />
            <Show when={node.children.length > 0}>
              <States nodes={props.nodes} parent={node.id} />
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

function StateLine(props: { node: GraphNode }) {
  const { active, counts, selection, select } = useInspector();
  const times = () => counts()?.states.get(props.node.id) ?? 0;
  const isActive = () => active().has(props.node.id);
  const isSelected = () => selection()?.id === props.node.id;
  const services = () => props.node.rows.filter(({ kind }) => kind === "invoke" || kind === "spawn");
  return (
    <button
      type="button"
      class={styles.state}
      aria-pressed={isSelected()}
      onClick={() => select(isSelected() ? null : { kind: "state", id: props.node.id })}
    >
      <span
        classList={{
          [styles.dot as string]: true,
          [styles.seen as string]: times() > 0,
          [styles.active as string]: isActive(),
        }}
      />
      <span class={styles.name}>{props.node.title}</span>
      <Show when={isActive()}>
        <span class="only-spoken">active</span>
      </Show>
      <span class={`${styles.does} clip`}>
        {services()
          .map(({ text }) => text)
          .join(", ")}
      </span>
      <Show when={times() > 0}>
        <span class={`${styles.times} num`}>×{times()}</span>
      </Show>
    </button>
  );
}
