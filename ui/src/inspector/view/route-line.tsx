/** The transitions between two states: a line with an arrow, how it was used, and a label that can be selected. */

import { createMemo, For, Show } from "solid-js";
import { arrowHead, roundedPath } from "../chart/route-path.ts";
import type { SceneRoute } from "../chart/scene.ts";
import { LINE_HEIGHT } from "../chart/sizes.ts";
import { chipLines } from "../chart/transition-words.ts";
import { type Inspector, useInspector } from "../model/inspector.ts";
import styles from "./chart.module.css";

/** The lines are drawn below the states, the labels above them. */
export function RouteLine(props: { route: SceneRoute }) {
  const use = useOf(useInspector(), () => props.route);
  const path = createMemo(() => roundedPath(props.route.points));
  return (
    <g classList={use.classes()}>
      <path d={path()} class={styles.line} />
      <Show when={use.isLatest()}>
        <path d={path()} class={styles.flow} />
      </Show>
      <path d={arrowHead(props.route.points)} class={styles.tip} />
    </g>
  );
}

export function RouteChip(props: { route: SceneRoute }) {
  const { selection, select } = useInspector();
  const use = useOf(useInspector(), () => props.route);
  const chip = () => props.route.chip;
  const pick = () => {
    const { id, lines } = props.route.edge;
    const transitions = lines.map(({ transition }) => transition);
    select(selection()?.id === id ? null : { kind: "edge", id, transitions });
  };
  const timesX = () => (props.route.side === "left" ? chip().x - 5 : chip().x + chip().width + 5);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard reaches transitions from the panel of their state
    <g classList={{ ...use.classes(), [styles.chip as string]: true }} data-edge={props.route.edge.id} onClick={pick}>
      <rect {...chip()} rx="5" class={styles.plate} />
      <For each={chipLines(props.route.edge.lines)}>
        {(line, index) => (
          <text x={chip().x + 7} y={chip().y + 14 + index() * LINE_HEIGHT} class={styles.event}>
            {line.event}
            <Show when={line.guard}>
              <tspan class={styles.guard}> [{line.guard}]</tspan>
            </Show>
          </text>
        )}
      </For>
      <Show when={use.times() > 0}>
        <text
          x={timesX()}
          y={chip().y + chip().height / 2 + 4}
          text-anchor={props.route.side === "left" ? "end" : "start"}
          class={styles.times}
        >
          ×{use.times()}
        </text>
      </Show>
    </g>
  );
}

function useOf({ counts, selection }: Inspector, route: () => SceneRoute) {
  const ids = createMemo(() => route().edge.lines.map(({ transition }) => transition));
  const times = createMemo(() => ids().reduce((sum, id) => sum + (counts()?.transitions.get(id) ?? 0), 0));
  const isLatest = createMemo(() => counts()?.last?.step.transitions.some((id) => ids().includes(id)) ?? false);
  const classes = () => ({
    [styles.error as string]: route().edge.isError,
    [styles.taken as string]: times() > 0,
    [styles.latest as string]: isLatest(),
    [styles.picked as string]: selection()?.id === route().edge.id,
  });
  return { times, isLatest, classes };
}
