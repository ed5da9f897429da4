/** The rows of the list. Only those in sight are in the document; more are fetched when the end comes near. */

import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { Skeleton } from "../design/skeleton.tsx";
import type { JobsList } from "../live/jobs-list.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { isPriced } from "../words/format.ts";
import styles from "./job-list.module.css";
import { JobRow } from "./job-row.tsx";

const ROW = 58;
const NARROW_ROW = 96;
const NEAR_THE_END = 20;

export function JobList(props: { list: JobsList }) {
  let box!: HTMLUListElement;
  const [top, setTop] = createSignal(0);
  const narrow = window.matchMedia("(max-width: 900px)");
  const [isNarrow, setNarrow] = createSignal(narrow.matches);
  const widthChanged = () => setNarrow(narrow.matches);
  narrow.addEventListener("change", widthChanged);
  onCleanup(() => narrow.removeEventListener("change", widthChanged));
  onMount(() => setTop(box.offsetTop));

  const rows = createWindowVirtualizer({
    get count() {
      return props.list.jobs().length;
    },
    estimateSize: () => (isNarrow() ? NARROW_ROW : ROW),
    overscan: 8,
    get scrollMargin() {
      return top();
    },
  });
  createEffect(() => {
    isNarrow();
    rows.measure();
  });
  createEffect(() => {
    const last = rows.getVirtualItems().at(-1)?.index ?? 0;
    if (last >= props.list.jobs().length - NEAR_THE_END && props.list.hasMore()) props.list.loadMore();
  });

  const isAnyPriced = createMemo(() => props.list.jobs().some(({ cost }) => isPriced(cost)));
  const step = (by: number) => {
    const links = [...box.querySelectorAll<HTMLAnchorElement>("a")];
    const here = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[here === -1 ? 0 : here + by]?.focus();
  };
  useShortcuts("The list", [
    { keys: "j", does: "Next job", act: () => step(1) },
    { keys: "k", does: "Previous job", act: () => step(-1) },
  ]);

  return (
    <div class={styles.list}>
      <div class={styles.head} aria-hidden="true">
        <span class={styles.first}>Task</span>
        <span>State</span>
        <span>Progress</span>
        <span class={styles.right}>Time</span>
        <span class={styles.right}>{isAnyPriced() ? "Cost" : "Tokens"}</span>
        <span class={styles.right}>Started</span>
      </div>
      <Show when={props.list.jobs().length === 0 && props.list.isLoading()}>
        <Bones />
      </Show>
      <ul
        ref={box}
        aria-label="Jobs"
        aria-busy={props.list.isLoading()}
        class={styles.rows}
        style={{ height: `${rows.getTotalSize()}px` }}
      >
        <For each={rows.getVirtualItems()}>
          {(row) => (
            <li
              aria-posinset={row.index + 1}
              aria-setsize={props.list.hasMore() ? -1 : props.list.jobs().length}
              class={styles.row}
              style={{ height: `${row.size}px`, transform: `translateY(${row.start - top()}px)` }}
            >
              <Show when={props.list.jobs()[row.index]}>{(job) => <JobRow job={job()} isMixed={isAnyPriced()} />}</Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

function Bones() {
  return (
    <div class={styles.bones} role="status" aria-label="Loading the jobs">
      <For each={[44, 36, 52, 40, 30]}>{(width) => <Skeleton width={width} />}</For>
    </div>
  );
}
