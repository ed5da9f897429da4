/** Every transition of the job and its subtasks, in order. A click moves the whole page to that point. */

import { createVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createSignal, For, on, onMount, Show } from "solid-js";
import { Button } from "../../design/button.tsx";
import { Empty } from "../../design/empty.tsx";
import { Icon } from "../../design/icons.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { count } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import { EntryPanel } from "./entry-panel.tsx";
import { EntryRow } from "./entry-row.tsx";
import { createFoundEntries } from "./found-entries.ts";
import styles from "./history-tab.module.css";

const ROW = 34;

export function HistoryTab() {
  const scope = useJob();
  const found = createFoundEntries(scope);
  const [isFollowing, setFollowing] = createSignal(scope.at() === null);
  let scroller!: HTMLDivElement;
  const rows = createVirtualizer({
    get count() {
      return found.length();
    },
    getScrollElement: () => scroller,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const placeOfPoint = createMemo(() => found.placeOf(scope.at()));

  const toEnd = () => {
    if (found.length() > 0) rows.scrollToIndex(found.length() - 1, { align: "end" });
  };
  onMount(() => {
    queueMicrotask(() => {
      const place = placeOfPoint();
      if (place === null) toEnd();
      else rows.scrollToIndex(place, { align: "center" });
    });
  });
  createEffect(on(found.length, () => isFollowing() && queueMicrotask(toEnd)));
  // Someone else moved the point: the keyboard, or the slider.
  createEffect(
    on(placeOfPoint, (place) => {
      if (place !== null) rows.scrollToIndex(place, { align: "auto" });
    }),
  );

  const step = (by: number) => {
    const here = placeOfPoint() ?? found.length();
    const seq = found.seqOf(Math.min(found.length() - 1, Math.max(0, here + by)));
    if (seq === undefined) return;
    setFollowing(false);
    scope.setAt(seq);
  };
  useShortcuts("The history", [
    { keys: "j", does: "Next entry", act: () => step(1) },
    { keys: "k", does: "Previous entry", act: () => step(-1) },
  ]);

  return (
    <div class={styles.history} data-open={scope.at() !== null}>
      <section class={styles.list} aria-label="History">
        <div class={styles.tools}>
          <label class={styles.search}>
            <span class="only-spoken">Search the history</span>
            <Icon name="search" size={14} />
            <input
              class="input"
              type="search"
              placeholder="Actor, event or state"
              value={found.text()}
              onInput={(event) => found.setText(event.currentTarget.value)}
            />
          </label>
          <span class="faint num" role="status">
            {found.length() === scope.last()
              ? `${count(scope.last())} entries`
              : `${count(found.length())} of ${count(scope.last())}`}
          </span>
          <Show when={scope.last() < scope.now.job.seq}>
            <span class="faint num">loading {Math.round((scope.last() / scope.now.job.seq) * 100)}%</span>
          </Show>
          <Button
            size="sm"
            class={styles.follow}
            aria-pressed={isFollowing()}
            onClick={() => {
              setFollowing(true);
              scope.setAt(null);
              toEnd();
            }}
          >
            {isFollowing() ? "Following" : "Follow the newest"}
          </Button>
        </div>
        <div class={styles.head} aria-hidden="true">
          <span class={styles.right}>#</span>
          <span>Time</span>
          <span class={styles.right}>After</span>
          <span>Actor</span>
          <span>Event</span>
          <span>State</span>
          <span>Then</span>
        </div>
        <div
          ref={scroller}
          class={styles.scroller}
          onWheel={(event) => event.deltaY < 0 && setFollowing(false)}
          onScroll={() => {
            const rest = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
            if (rest > ROW * 3) setFollowing(false);
          }}
        >
          <Show
            when={found.length() > 0}
            fallback={<Empty title="No entry matches">Every transition of the job and its subtasks stands here.</Empty>}
          >
            <ol class={styles.rows} style={{ height: `${rows.getTotalSize()}px` }}>
              <For each={rows.getVirtualItems()}>
                {(row) => (
                  <li class={styles.row} style={{ transform: `translateY(${row.start}px)` }}>
                    <Show when={found.entryAt(row.index)}>
                      {(entry) => (
                        <EntryRow
                          entry={entry()}
                          before={scope.entries.timeOf(entry().seq - 1)}
                          isChosen={scope.at() === entry().seq}
                          choose={() => {
                            setFollowing(false);
                            scope.setAt(scope.at() === entry().seq ? null : entry().seq);
                          }}
                        />
                      )}
                    </Show>
                  </li>
                )}
              </For>
            </ol>
          </Show>
        </div>
      </section>
      <Show when={scope.at()}>{(seq) => <EntryPanel seq={seq()} />}</Show>
    </div>
  );
}
