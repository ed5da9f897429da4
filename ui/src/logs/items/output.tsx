/** What a command printed: its last lines, or all of them in a box of their own. */

import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { LongList, type LongListHandle } from "../../long-list/long-list.tsx";
import { LineText } from "../../text/line-text.tsx";
import { many } from "../../words/format.ts";
import "../ansi.css";
import { hitMarks } from "../hits.ts";
import styles from "./output.module.css";
import { type OutputLine, outputLines } from "./output-lines.ts";

/** Lines that are shown of a longer output: its end says how it went. */
const TAIL = 8;
/** Lines that are in the page at once; more are in a list that scrolls. */
const MOST_PLAIN = 200;
const LINE = 19;

export function Output(props: { output: string; search: string; isRunning: boolean }) {
  const lines = createMemo(() => outputLines(props.output));
  const [isOpen, setOpen] = createSignal(false);
  const isLong = () => lines().length > TAIL + 6;
  const shown = () => (isLong() && !isOpen() ? lines().slice(-TAIL) : lines());
  let list: LongListHandle | undefined;
  const firstHit = createMemo(() =>
    props.search === "" ? -1 : lines().findIndex(({ text }) => hitMarks(text, props.search).length > 0),
  );
  createEffect(
    on(firstHit, (hit) => {
      if (hit === -1 || !isLong()) return;
      setOpen(true);
      queueMicrotask(() => list?.scrollTo(hit, "center"));
    }),
  );
  return (
    <Show when={lines().length > 0}>
      <div class={styles.output}>
        <Show when={isLong()}>
          <button type="button" class={styles.more} aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
            {isOpen() ? "Show the last lines only" : `Show ${many(lines().length - TAIL, "line")} before`}
          </button>
        </Show>
        <Show
          when={isOpen() && lines().length > MOST_PLAIN}
          fallback={<For each={shown()}>{(line) => <Line line={line} search={props.search} />}</For>}
        >
          <LongList
            class={styles.list}
            label="Output of the command"
            count={lines().length}
            estimate={() => LINE}
            keyOf={(index) => index}
            isFollowing={props.isRunning}
            ready={(handle) => {
              list = handle;
              // Where the reader was: at the end.
              queueMicrotask(() => firstHit() === -1 && handle.scrollTo(lines().length - 1));
            }}
            row={(index) => (
              <Show when={lines()[index]}>
                {(line) => <Line line={line()} number={index + 1} search={props.search} />}
              </Show>
            )}
          />
        </Show>
      </div>
    </Show>
  );
}

function Line(props: { line: OutputLine; search: string; number?: number }) {
  return (
    <div class={styles.line}>
      <Show when={props.number}>{(number) => <span class={styles.number}>{number()}</span>}</Show>
      <code class={styles.text}>
        <LineText text={props.line.text} layers={[props.line.marks, hitMarks(props.line.text, props.search)]} />
      </code>
    </div>
  );
}
