/** Words of a person, a planner or an agent: folded if they are long. */

import { createEffect, createSignal, on, Show } from "solid-js";
import { LineText } from "../../text/line-text.tsx";
import { count } from "../../words/format.ts";
import { hitMarks } from "../hits.ts";
import styles from "./prose.module.css";
import { proseMarks } from "./prose-marks.ts";

export function Prose(props: { text: string; search: string; lines: number; isQuiet?: boolean }) {
  const [isOpen, setOpen] = createSignal(false);
  const lineCount = () => props.text.split("\n").length;
  const isLong = () => lineCount() > props.lines + 2 || props.text.length > props.lines * 140;
  // What is looked for must be seen.
  createEffect(
    on(
      () => props.search,
      (search) => search !== "" && isLong() && hitMarks(props.text, search).length > 0 && setOpen(true),
    ),
  );
  const isFolded = () => isLong() && !isOpen();
  return (
    <>
      <div
        class={`${styles.prose} ${props.isQuiet ? styles.quiet : ""}`}
        data-folded={isFolded() || undefined}
        style={{ "--lines": props.lines }}
      >
        <LineText
          text={props.text}
          most={isFolded() ? 4000 : Number.POSITIVE_INFINITY}
          layers={[proseMarks(props.text), hitMarks(props.text, props.search)]}
        />
      </div>
      <Show when={isLong()}>
        <button type="button" class={styles.more} aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
          {isOpen() ? "Show less" : `Show all ${count(lineCount())} lines`}
        </button>
      </Show>
    </>
  );
}
