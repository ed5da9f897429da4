/** A state: its name, how often it was entered, what it does, and whether it is active. */

import { For, Match, Show, Switch } from "solid-js";
import type { GraphNode } from "../chart/graph.ts";
import { isTrouble } from "../chart/graph.ts";
import type { SceneBox } from "../chart/scene.ts";
import { PADDING, ROW_HEIGHT, TITLE_HEIGHT } from "../chart/sizes.ts";
import { useInspector } from "../model/inspector.ts";
import styles from "./chart.module.css";
import { StateRow } from "./state-row.tsx";

export function StateBox(props: { box: SceneBox; isStop: boolean; keys: (event: KeyboardEvent) => void }) {
  const { active, counts, selection, select } = useInspector();
  const node = () => props.box.node;
  const visits = () => counts()?.states.get(node().id) ?? 0;
  const isActive = () => active().has(node().id);
  /** Nothing deeper is active. */
  const isLit = () => isActive() && !node().children.some((child) => active().has(child));
  const isSelected = () => selection()?.id === node().id;
  const classes = () => ({
    [styles.any as string]: node().type === "any",
    [styles.visited as string]: visits() > 0,
    [styles.active as string]: isActive(),
    [styles.lit as string]: isLit(),
    [styles.live as string]: isLit() && node().type !== "final",
    [styles.selected as string]: isSelected(),
  });
  return (
    <g classList={classes()} data-state={toneOf(node())}>
      {/* The button holds no words: what is written in the box is all in its name. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a button cannot stand in an SVG */}
      <rect
        {...frame(props.box, 0)}
        class={styles.hit}
        data-id={node().id}
        role="button"
        tabindex={props.isStop ? 0 : -1}
        aria-label={spoken(node(), isActive(), visits())}
        aria-pressed={isSelected()}
        onClick={() => select(isSelected() ? null : { kind: "state", id: node().id })}
        onKeyDown={(event) => props.keys(event)}
      />
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
      <g aria-hidden="true" class={styles.look}>
        <Switch fallback={<Box box={props.box} isLit={isLit()} visits={visits()} />}>
          <Match when={node().type === "history"}>
            <HistoryMark box={props.box} />
          </Match>
        </Switch>
      </g>
    </g>
  );
}

function Box(props: { box: SceneBox; isLit: boolean; visits: number }) {
  const node = () => props.box.node;
  const isNest = () => node().children.length > 0;
  const round = () => (node().type === "any" ? 12 : 9);
  return (
    <>
      <Show when={props.isLit}>
        <rect {...frame(props.box, 3)} rx={round() + 3} class={styles.halo} />
      </Show>
      <rect
        {...frame(props.box, 0)}
        rx={round()}
        classList={{
          [styles.body as string]: true,
          [styles.nest as string]: isNest(),
          [styles.region as string]: node().isRegion,
        }}
      />
      <Show when={node().type === "final"}>
        <rect {...frame(props.box, -3.5)} rx={round() - 3} class={styles.inner} />
      </Show>
      <text x={props.box.x + PADDING} y={props.box.y + (node().type === "any" ? 16 : 21)} class={styles.title}>
        {node().title}
      </text>
      <Show when={props.visits > 1}>
        <text
          x={props.box.x + props.box.width - PADDING}
          y={props.box.y + 20.5}
          text-anchor="end"
          class={styles.visits}
        >
          ×{props.visits}
        </text>
      </Show>
      <Show when={node().rows.length > 0}>
        <line
          x1={props.box.x + 1}
          x2={props.box.x + props.box.width - 1}
          y1={props.box.y + TITLE_HEIGHT - 0.5}
          y2={props.box.y + TITLE_HEIGHT - 0.5}
          class={styles.rule}
        />
      </Show>
      <For each={node().rows}>
        {(row, index) => (
          <StateRow
            row={row}
            state={node().id}
            x={props.box.x + PADDING}
            y={props.box.y + TITLE_HEIGHT + 4 + index() * ROW_HEIGHT}
            width={props.box.width - 2 * PADDING}
          />
        )}
      </For>
    </>
  );
}

function HistoryMark(props: { box: SceneBox }) {
  const middle = () => ({ x: props.box.x + props.box.width / 2, y: props.box.y + props.box.height / 2 });
  return (
    <>
      <circle cx={middle().x} cy={middle().y} r={props.box.width / 2 - 1} class={styles.body} />
      <text x={middle().x} y={middle().y + 4.5} text-anchor="middle" class={styles.title}>
        {props.box.node.deepHistory ? "H*" : "H"}
      </text>
    </>
  );
}

/** Colours by what a state means for the job, where its tags or its kind say so. */
function toneOf({ tags, type, title }: GraphNode): string | undefined {
  if (isTrouble({ tags, type, key: title })) return "failed";
  if (tags.includes("cancelled")) return "cancelled";
  if (tags.includes("waiting")) return "waiting";
  return type === "final" ? "done" : undefined;
}

function frame({ x, y, width, height }: SceneBox, out: number) {
  return { x: x - out, y: y - out, width: width + 2 * out, height: height + 2 * out };
}

function spoken({ title, type, rows }: GraphNode, isActive: boolean, visits: number): string {
  const kind = type === "final" ? ", final" : type === "parallel" ? ", parallel" : "";
  const times = visits === 0 ? "never entered" : `entered ${visits === 1 ? "once" : `${visits} times`}`;
  const does = rows.length === 0 ? "" : `: ${rows.map(({ text }) => text).join(", ")}`;
  return `${title}${kind}, ${isActive ? "active, " : ""}${times}${does}`;
}
