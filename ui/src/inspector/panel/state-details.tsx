/** A state: what it does, how it is come to and left, and when it was. */

import { createMemo, For, Show } from "solid-js";
import type { ChartState } from "../../../../src/core/protocol/machine.ts";
import { StateBadge, Tag } from "../../design/badge.tsx";
import { Button, IconButton } from "../../design/button.tsx";
import type { GraphEdge } from "../chart/graph.ts";
import { anyOf } from "../chart/graph.ts";
import { useInspector } from "../model/inspector.ts";
import type { Machine } from "../model/machines.ts";
import { EntryList } from "./entry-list.tsx";
import styles from "./panel.module.css";
import { PossibleEvents } from "./possible-events.tsx";
import { Services } from "./services.tsx";
import { Timers } from "./timers.tsx";

const KINDS = { atomic: "", compound: "nested", parallel: "parallel", final: "final", history: "history" } as const;

export function StateDetails(props: { machine: Machine; state: ChartState }) {
  const { active, counts, select, entriesOf, open, actorId, scope } = useInspector();
  const times = () => counts()?.states.get(props.state.id) ?? 0;
  const services = createMemo(() => new Set(props.state.invokes.map(({ id }) => id)));
  const child = () => props.state.invokes.find(({ workflow }) => workflow !== null);
  const childActor = () => {
    const found = child();
    return found && scope.actors().find(({ id }) => id === `${actorId()}/${found.id}`);
  };
  const out = () =>
    props.machine.graph.edges.filter(({ source }) => source === props.state.id || source === anyOf(props.state.id));
  const into = () => props.machine.graph.edges.filter(({ target }) => target === props.state.id);
  const actions = () =>
    [
      ["entry", props.state.entry],
      ["exit", props.state.exit],
    ] as const;
  return (
    <>
      <section class={styles.section}>
        <h2 class={styles.title}>
          {props.state.key}
          <IconButton icon="close" label="Back to the last step" size="sm" onClick={() => select(null)} />
        </h2>
        <div class={styles.tags}>
          <Show when={active().has(props.state.id)}>
            <StateBadge state={props.state.type === "final" ? "done" : "running"} label="active" />
          </Show>
          <Tag>{times() === 0 ? "never entered" : `entered ${times()}×`}</Tag>
          <Show when={KINDS[props.state.type]}>
            <Tag>{KINDS[props.state.type]}</Tag>
          </Show>
          <For each={props.state.tags}>{(tag) => <Tag>{tag}</Tag>}</For>
        </div>
        <Show when={props.state.description}>
          <p class="quiet words">{props.state.description}</p>
        </Show>
        <For each={actions()}>
          {([name, list]) => (
            <Show when={list.length > 0}>
              <p class="quiet">
                <span class="faint">{name} / </span>
                {list.join(", ")}
              </p>
            </Show>
          )}
        </For>
        <Show when={childActor()}>
          {(actor) => (
            <div>
              <Button size="sm" icon="arrowRight" onClick={() => open(actor().id)}>
                Open {actor().workflow}
              </Button>
            </div>
          )}
        </Show>
      </section>
      <Services ids={services()} heading="Services" />
      <Show when={active().has(props.state.id)}>
        <Timers state={props.state.id} />
        <PossibleEvents state={props.state.id} />
      </Show>
      <Edges machine={props.machine} heading="Ways out" edges={out()} />
      <Edges machine={props.machine} heading="Ways in" edges={into()} isFrom />
      <section class={styles.section}>
        <h2 class={styles.heading}>When it was entered</h2>
        <EntryList entries={entriesOf(({ entered }) => entered.includes(props.state.id), 50)} />
      </section>
    </>
  );
}

function Edges(props: { machine: Machine; heading: string; edges: readonly GraphEdge[]; isFrom?: boolean }) {
  const { counts, select } = useInspector();
  const nameOf = (edge: GraphEdge) => {
    const id = props.isFrom ? edge.source : edge.target;
    return props.machine.graph.nodes.find((node) => node.id === id)?.title ?? id;
  };
  const rows = () => props.edges.flatMap((edge) => edge.lines.map((line) => ({ edge, line })));
  return (
    <Show when={rows().length > 0}>
      <section class={styles.section}>
        <h2 class={styles.heading}>{props.heading}</h2>
        <ul class={styles.list}>
          <For each={rows()}>
            {({ edge, line }) => (
              <li>
                <button
                  type="button"
                  class={styles.item}
                  onClick={() =>
                    select({ kind: "edge", id: edge.id, transitions: edge.lines.map((one) => one.transition) })
                  }
                >
                  <span class={styles.grow}>
                    {line.event}
                    <Show when={line.guard}>
                      <span class={styles.guard}> [{line.guard}]</span>
                    </Show>{" "}
                    <span class="faint">
                      {props.isFrom ? "from" : "→"} {nameOf(edge)}
                    </span>
                  </span>
                  <span class={`${styles.side} num`}>
                    {(counts()?.transitions.get(line.transition) ?? 0) > 0
                      ? `×${counts()?.transitions.get(line.transition)}`
                      : ""}
                  </span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
