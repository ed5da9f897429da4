/** A state as a shape in its colour: told apart without colour too. Beside it, or spoken, stands its name. */

import { createMemo, Show } from "solid-js";
import styles from "./state-mark.module.css";

export const MARKED_STATES = [
  "running",
  "waiting",
  "paused",
  "interrupted",
  "done",
  "failed",
  "cancelled",
  "skipped",
  "pending",
  "blocked",
  "retrying",
] as const;
export type MarkedState = (typeof MARKED_STATES)[number];

/** Strokes and solid parts of each, in a box of 16. */
const SHAPES: Readonly<Record<MarkedState, { line?: string; solid?: string; cut?: string }>> = {
  running: { line: "M8 2.2a5.8 5.8 0 1 1-5.8 5.8" },
  waiting: { solid: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", cut: "M8 4.6V8.4l2.4 1.4" },
  paused: { solid: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", cut: "M6.3 5.6v4.8m3.4-4.8v4.8" },
  interrupted: { line: "M6 2.6a5.8 5.8 0 0 0-2.9 8.5m6.9 2.3a5.8 5.8 0 0 0 2.9-8.5M9 4.6 6.8 8h2.6L7 11.5" },
  done: { solid: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", cut: "m5.2 8.2 2 2 3.7-4.2" },
  failed: { solid: "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Z", cut: "m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" },
  cancelled: { line: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM4 12l8-8" },
  skipped: { line: "m3.4 4 4 4-4 4m5-8 4 4-4 4" },
  pending: { line: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2Z" },
  blocked: { line: "M4 7.4h8v5.8H4Zm1.8 0V5.4a2.2 2.2 0 0 1 4.4 0v2" },
  retrying: { line: "M13.4 8a5.4 5.4 0 1 1-1.6-3.9M13.6 2v3h-3" },
};

export function StateMark(props: { state: MarkedState; size?: number; class?: string | undefined }) {
  const shape = createMemo(() => SHAPES[props.state]);
  return (
    <svg
      class={`${styles.mark} ${props.class ?? ""}`}
      data-state={props.state}
      width={props.size ?? 16}
      height={props.size ?? 16}
      viewBox="0 0 16 16"
      fill="none"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <Show when={props.state === "running"}>
        <circle class={styles.track} cx="8" cy="8" r="5.8" />
      </Show>
      <Show when={shape().solid}>{(d) => <path class={styles.solid} d={d()} />}</Show>
      <Show when={shape().line}>{(d) => <path class={styles.line} d={d()} />}</Show>
      <Show when={shape().cut}>{(d) => <path class={styles.cut} d={d()} />}</Show>
    </svg>
  );
}
