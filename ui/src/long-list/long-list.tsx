/**
 * A list of any length: only what is in view is in the page. Rows stand in the normal flow, moved down together, so that
 * one whose height is not known yet never covers another.
 */

import { createVirtualizer } from "@tanstack/solid-virtual";
import { createComputed, createEffect, createSignal, For, type JSX, on, onCleanup, onMount, untrack } from "solid-js";
import styles from "./long-list.module.css";

export interface LongListHandle {
  readonly scrollTo: (index: number, align?: "start" | "center" | "auto") => void;
  /** Index of the row at the upper edge. Reactive. */
  readonly first: () => number;
  readonly last: () => number;
  /** Where a row begins, in pixels. Lays out the page: not while scrolling. */
  readonly startOf: (index: number) => number;
  /** The same of a row that is in view; undefined of any other. Reactive. */
  readonly startOfSeen: (index: number) => number | undefined;
  /** Where the list stands, in pixels. Reactive. */
  readonly offset: () => number;
  readonly element: HTMLElement;
}

interface LongListProps {
  readonly count: number;
  /** Height of a row that was never seen, in pixels. */
  readonly estimate: (index: number) => number;
  /** Names a row as long as it is the same, whatever its place. */
  readonly keyOf: (index: number) => string | number;
  readonly row: (index: number) => JSX.Element;
  readonly label: string;
  readonly class?: string | undefined;
  /** What is in view: `to` is behind the last. */
  readonly seen?: (from: number, to: number) => void;
  readonly ready?: (handle: LongListHandle) => void;
  /** Sticks to the end while rows are added. */
  readonly isFollowing?: boolean;
  /** The reader scrolled to the end, or away from it. */
  readonly setFollowing?: (isFollowing: boolean) => void;
  /** Stands at the upper edge, above the rows. */
  readonly sticky?: JSX.Element;
  /** Characters of the longest line if rows are not wrapped: how far the list scrolls sideways. */
  readonly columns?: number | undefined;
}

/** Pixels from the end that still count as the end. */
const NEAR_END = 24;

export function LongList(props: LongListProps) {
  const [element, setElement] = createSignal<HTMLElement | null>(null);
  const [offset, setOffset] = createSignal(0);
  const virtual = createVirtualizer<HTMLElement, HTMLElement>({
    get count() {
      return props.count;
    },
    getScrollElement: element,
    estimateSize: (index) => untrack(() => props.estimate(index)),
    get getItemKey() {
      const { keyOf } = props;
      return (index: number) => untrack(() => keyOf(index));
    },
    overscan: 12,
  });

  // At the end it would lead back to where the list stood before it was told to go there.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollOffset }) =>
    untrack(() => !props.isFollowing) && item.start < (scrollOffset ?? 0);

  const items = virtual.getVirtualItems;
  const total = virtual.getTotalSize;
  let scroller!: HTMLElement;
  let space!: HTMLDivElement;
  let before = 0;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };
  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    setOffset(scrollTop);
    if (scrollTop < before) props.setFollowing?.(false);
    else if (scrollTop > before && scrollHeight - scrollTop - clientHeight < NEAR_END) props.setFollowing?.(true);
    before = scrollTop;
  };
  // Said before it scrolls: rows that come at the same moment would lead back to the end.
  const turned = ({ deltaY }: WheelEvent) => deltaY < 0 && props.setFollowing?.(false);
  const pressed = ({ key, target }: KeyboardEvent) =>
    target === scroller && ["ArrowUp", "PageUp", "Home"].includes(key) && props.setFollowing?.(false);
  const firstSeen = () => items().find(({ end }) => end > offset())?.index ?? 0;
  const lastSeen = () => {
    const bottom = offset() + (element()?.clientHeight ?? 0);
    return items().findLast(({ start }) => start < bottom)?.index ?? 0;
  };

  onMount(() => {
    setElement(scroller);
    props.ready?.({
      scrollTo: (index, align = "start") => virtual.scrollToIndex(index, { align }),
      first: firstSeen,
      last: lastSeen,
      startOf: (index) => virtual.getOffsetForIndex(index, "start")?.[0] ?? 0,
      startOfSeen: (index) => items().find((item) => item.index === index)?.start,
      offset,
      element: scroller,
    });
  });
  createEffect(() => {
    const shown = items();
    const [first, last] = [shown[0], shown.at(-1)];
    if (first && last) props.seen?.(first.index, last.index + 1);
  });
  createEffect(on([total, () => props.isFollowing], () => props.isFollowing && toEnd()));
  // The height of what is around changes without a scroll, and that of the rows is laid out after it was said: the end is
  // followed then too.
  const observer = new ResizeObserver(() => props.isFollowing && toEnd());
  createComputed(() => {
    const box = element();
    if (!box) return;
    observer.observe(box);
    observer.observe(space);
  });
  onCleanup(() => observer.disconnect());

  return (
    <section
      ref={scroller}
      class={`${styles.scroller} ${props.class ?? ""}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={props.label}
      onScroll={scrolled}
      onWheel={turned}
      onTouchMove={() => props.setFollowing?.(false)}
      onKeyDown={pressed}
    >
      {props.sticky}
      <div
        ref={space}
        class={styles.space}
        style={{ height: `${total()}px`, "min-width": props.columns ? `${props.columns}ch` : undefined }}
      >
        <div class={styles.window} style={{ transform: `translateY(${items()[0]?.start ?? 0}px)` }}>
          <For each={items()}>
            {(item) => {
              let row!: HTMLDivElement;
              // Another row at the same place is measured anew.
              createEffect(
                on(
                  () => item.key,
                  () => queueMicrotask(() => row.isConnected && virtual.measureElement(row)),
                ),
              );
              return (
                <div ref={row} data-index={item.index} class={styles.row}>
                  {props.row(item.index)}
                </div>
              );
            }}
          </For>
        </div>
      </div>
    </section>
  );
}
