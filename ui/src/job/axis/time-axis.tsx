/** The subtasks side by side on a time axis. Rows out of sight are not in the document, so 500 cost as much as 14. */

import { createVirtualizer } from "@tanstack/solid-virtual";
import { createMemo, createSignal, For, Index, onCleanup, onMount, Show, untrack } from "solid-js";
import { useLive } from "../../live/live.tsx";
import { query, setQuery } from "../../routing/router.ts";
import { isPriced } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import { createAxisModel, filterOf } from "./axis-model.ts";
import { AxisTools } from "./axis-tools.tsx";
import { DependencyLines } from "./dependency-lines.tsx";
import { OwnRow } from "./own-row.tsx";
import { SubtaskRow } from "./subtask-row.tsx";
import styles from "./time-axis.module.css";
import { position, ticks } from "./time-scale.ts";

const ROW = 46;
const LABEL = 372;
const LABEL_MEDIUM = 264;
/** Below this the words stand above the bar instead of beside it. */
const NARROW = 680;

export function TimeAxis() {
  const scope = useJob();
  const { now } = useLive();
  const [size, setSize] = createSignal(900);
  const label = () => (size() < NARROW ? 0 : size() < 980 ? LABEL_MEDIUM : LABEL);
  const rowHeight = () => (label() === 0 ? 62 : ROW);
  const model = createAxisModel(scope, now, () => Math.max(120, size() - label() - 1));
  const [hovered, setHovered] = createSignal<string | null>(null);
  const marks = createMemo(() => ticks(model.scale()));
  let scroller!: HTMLDivElement;

  // In a long list what matters is seldom at its top: it begins there, and is not drawn twice.
  const first = untrack(() => model.rows().findIndex((subtask) => ["running", "failed"].includes(filterOf(subtask))));
  const begin = first > 8 ? (first - 2) * untrack(rowHeight) : 0;
  const rows = createVirtualizer({
    initialOffset: begin,
    get count() {
      return model.rows().length;
    },
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight(),
    getItemKey: (index) => model.rows()[index]?.id ?? index,
    overscan: 6,
  });
  onMount(() => {
    const observer = new ResizeObserver(() => {
      setSize(scroller.clientWidth);
      rows.measure();
    });
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
    if (begin > 0) scroller.scrollTop = (first - 2) * rowHeight();
    setSize(scroller.clientWidth);
  });

  /** The middle of what is seen stays where it is. */
  const zoomTo = (wanted: number) => {
    const seen = scroller.clientWidth - label();
    const middle = (scroller.scrollLeft + seen / 2) / model.scale().width;
    model.setZoom(wanted);
    scroller.scrollLeft = middle * model.scale().width - seen / 2;
  };
  const places = createMemo(() => new Map(model.rows().map((subtask, index) => [subtask.id, index])));
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !(event.target instanceof HTMLButtonElement)) return;
    const next = Number(event.target.dataset.index) + step;
    if (next < 0 || next >= model.rows().length) return;
    event.preventDefault();
    rows.scrollToIndex(next);
    requestAnimationFrame(() => scroller.querySelector<HTMLButtonElement>(`[data-index="${next}"]`)?.focus());
  };

  return (
    <section class={styles.card} aria-labelledby="subtasks-title">
      <AxisTools model={model} zoomTo={zoomTo} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the arrows and the wheel of the rows inside */}
      <div
        ref={scroller}
        class={styles.scroller}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          zoomTo(model.zoom() * (event.deltaY < 0 ? 1.25 : 0.8));
        }}
        onKeyDown={move}
        onPointerLeave={() => setHovered(null)}
      >
        <div
          class={styles.canvas}
          style={{ width: `${label() + model.scale().width}px`, "--label": `${label()}px` }}
          data-narrow={label() === 0}
        >
          <div class={styles.head} aria-hidden="true">
            <div class={styles.corner}>
              <span>{label() === 0 ? "" : "Subtask"}</span>
              <span>{label() === 0 ? "" : isPriced(scope.job().cost) ? "Cost" : "Tokens"}</span>
            </div>
            <Index each={marks()}>
              {(tick) => (
                <span class={`${styles.tick} num`} style={{ left: `${label() + tick().x}px` }}>
                  {tick().label}
                </span>
              )}
            </Index>
          </div>
          <div class={styles.grid} aria-hidden="true">
            <Index each={marks()}>
              {(tick) => <span class={styles.line} style={{ left: `${label() + tick().x}px` }} />}
            </Index>
            <Show when={scope.now.job.settledAt === null || scope.at() !== null}>
              <span
                class={scope.at() === null ? styles.now : styles.point}
                style={{ left: `${label() + position(model.scale(), model.until())}px` }}
              />
            </Show>
          </div>
          <OwnRow model={model} />
          <ol class={styles.rows} style={{ height: `${rows.getTotalSize()}px` }}>
            <For each={rows.getVirtualItems()}>
              {(row) => (
                <li
                  class={styles.row}
                  style={{ height: `${rowHeight()}px`, transform: `translateY(${row.start}px)` }}
                  onPointerEnter={() => setHovered(model.rows()[row.index]?.id ?? null)}
                >
                  <Show when={model.rows()[row.index]}>
                    {(subtask) => (
                      <SubtaskRow
                        subtask={subtask()}
                        index={row.index}
                        model={model}
                        isChosen={query("subtask") === subtask().id}
                        choose={() => setQuery("subtask", query("subtask") === subtask().id ? null : subtask().id)}
                        focus={() => setHovered(subtask().id)}
                      />
                    )}
                  </Show>
                </li>
              )}
            </For>
            {/* Where the words stand above the bars, lines would cross them. */}
            <Show when={label() > 0}>
              <DependencyLines
                model={model}
                places={places()}
                rowHeight={rowHeight()}
                left={label()}
                hovered={hovered()}
              />
            </Show>
          </ol>
        </div>
      </div>
    </section>
  );
}
