/** Which subtask waited for which: faint while there are few, strong for the one that is pointed at. */

import { createMemo, For } from "solid-js";
import type { SubtaskItem } from "../../../../src/core/protocol/jobs.ts";
import type { AxisModel } from "./axis-model.ts";
import { dependencyPath } from "./dependency-path.ts";
import styles from "./time-axis.module.css";
import { position } from "./time-scale.ts";

/** With more, only those of the row that is pointed at are drawn. */
const FEW = 24;

interface Line {
  readonly from: SubtaskItem;
  readonly to: SubtaskItem;
  readonly isStrong: boolean;
}

export function DependencyLines(props: {
  model: AxisModel;
  places: ReadonlyMap<string, number>;
  rowHeight: number;
  left: number;
  hovered: string | null;
}) {
  const lines = createMemo(() => {
    const rows = props.model.rows();
    const areFew = rows.length <= FEW;
    const found: Line[] = [];
    for (const to of rows) {
      // Without a bar there is nothing to lead to: the row says in words what it waits for.
      if (to.startedAt === null || (!areFew && props.hovered === null)) continue;
      for (const id of to.dependsOn) {
        const from = rows[props.places.get(id) ?? -1];
        const isStrong = props.hovered === id || props.hovered === to.id;
        if (from?.finishedAt && (areFew || isStrong)) found.push({ from, to, isStrong });
      }
    }
    return found;
  });
  const place = (subtask: SubtaskItem, time: number) => ({
    x: props.left + position(props.model.scale(), time),
    y: ((props.places.get(subtask.id) ?? 0) + (props.left === 0 ? 0.8 : 0.5)) * props.rowHeight,
  });
  return (
    <svg class={styles.lines} aria-hidden="true">
      <For each={lines()}>
        {({ from, to, isStrong }) => (
          <path
            class={isStrong ? styles.strong : styles.faint}
            d={dependencyPath(place(from, from.finishedAt ?? 0), place(to, to.startedAt ?? 0))}
          />
        )}
      </For>
    </svg>
  );
}
