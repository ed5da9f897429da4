/** A row of a state's box: an action, a service with what it is doing, a child machine that opens, an inner transition. */

import { createMemo, Match, Show, Switch } from "solid-js";
import type { NodeRow } from "../chart/node-rows.ts";
import { ROW_HEIGHT } from "../chart/sizes.ts";
import { useInspector } from "../model/inspector.ts";
import { serviceNow } from "../model/service-now.ts";
import styles from "./chart.module.css";

const SIGNS: Readonly<Record<NodeRow["kind"], string>> = {
  entry: "M1 5h6M5 2.5 7.5 5 5 7.5M9.5 1.5v7",
  exit: "M3 5h6M7 2.5 9.5 5 7 7.5M1 1.5v7",
  invoke: "M2 1.5 8.5 5 2 8.5Z",
  spawn: "M1 2.5h3.5v3H1zM6.5 1h3v2.5h-3zM6.5 6h3v2.5h-3z",
  on: "M1.5 5h3l1-3 1.5 6 1-3h1.5",
  again: "M8.5 5a3.5 3.5 0 1 1-1-2.5M8.8 1v2.2H6.6",
};

export function StateRow(props: { row: NodeRow; state: string; x: number; y: number; width: number }) {
  const inspector = useInspector();
  const { counts, active, actorId, open } = inspector;
  const isActive = () => active().has(props.state);
  const times = () => (props.row.transition === null ? 0 : (counts()?.transitions.get(props.row.transition) ?? 0));
  const service = createMemo(() => (isActive() ? serviceNow(inspector, props.row) : null));
  const openChild = (event: Event) => {
    if (props.row.kind !== "invoke" || props.row.workflow === null) return;
    event.stopPropagation();
    open(`${actorId()}/${props.row.service}`);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: no button in a button; by keyboard it opens from the panel
    <g
      classList={{ [styles.child as string]: props.row.workflow !== null && props.row.kind === "invoke" }}
      onClick={openChild}
    >
      <rect x={props.x} y={props.y} width={props.width} height={ROW_HEIGHT} fill="transparent" />
      <path d={SIGNS[props.row.kind]} transform={`translate(${props.x} ${props.y + 4})`} class={styles.rowSign} />
      <text x={props.x + 17} y={props.y + 13} class={styles.row}>
        {props.row.text}
      </text>
      <Switch>
        <Match when={service()}>
          {(now) => (
            <g data-state={now().state}>
              <circle cx={props.x + props.width - 4} cy={props.y + 9} r="3.5" class={styles.mark} />
              <Show when={now().words !== ""}>
                <text x={props.x + props.width - 12} y={props.y + 12.5} text-anchor="end" class={styles.doing}>
                  {now().words}
                </text>
              </Show>
            </g>
          )}
        </Match>
        <Match when={times() > 0}>
          <text x={props.x + props.width} y={props.y + 13} text-anchor="end" class={`${styles.times} ${styles.inside}`}>
            ×{times()}
          </text>
        </Match>
      </Switch>
    </g>
  );
}
