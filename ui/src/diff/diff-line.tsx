/** One row of a diff: a line with its number and sign, or two side by side. */

import { Show } from "solid-js";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { LineText } from "../text/line-text.tsx";
import type { Mark } from "../text/segments.ts";
import styles from "./diff-line.module.css";
import type { DiffSource } from "./diff-source.ts";
import type { DiffLine, Row } from "./rows.ts";
import "./syntax.css";
import { wordChanges } from "./word-diff.ts";

interface LineProps {
  readonly file: ChangedFile;
  readonly source: DiffSource;
}

const SIGNS = { same: " ", del: "−", add: "+" } as const;
const SPOKEN = { same: "", del: "removed: ", add: "added: " } as const;

export function UnifiedLine(props: LineProps & { row: Row; isCurrent: boolean }) {
  const line = () => props.row.left as DiffLine;
  return (
    <div class={`${styles.line} ${styles.unified} ${styles[line().kind]}`} data-current={props.isCurrent || undefined}>
      <span class={styles.number}>{line().old}</span>
      <span class={styles.number}>{line().new}</span>
      <Code {...props} line={line()} side={line().kind === "del" ? "old" : "new"} />
    </div>
  );
}

export function SplitLine(props: LineProps & { row: Row; isCurrent: boolean }) {
  return (
    <div class={`${styles.line} ${styles.split}`} data-current={props.isCurrent || undefined}>
      <Half {...props} line={props.row.left} side="old" />
      <Half {...props} line={props.row.right} side="new" />
    </div>
  );
}

function Half(props: LineProps & { line: DiffLine | null; side: "old" | "new" }) {
  return (
    <Show when={props.line} fallback={<div class={`${styles.half} ${styles.nothing}`} />}>
      {(line) => (
        <div class={`${styles.half} ${styles[line().kind]}`}>
          <span class={styles.number}>{line()[props.side]}</span>
          <Code {...props} line={line()} side={props.side} />
        </div>
      )}
    </Show>
  );
}

function Code(props: LineProps & { line: DiffLine; side: "old" | "new" }) {
  const words = (): readonly Mark[] => {
    const { kind, text, other } = props.line;
    if (kind === "same" || other === null) return [];
    const spans = kind === "del" ? wordChanges(text, other).old : wordChanges(other, text).new;
    return spans.map((span) => ({ ...span, className: styles.word ?? "" }));
  };
  return (
    <>
      <span class={styles.sign} aria-hidden="true">
        {SIGNS[props.line.kind]}
      </span>
      <code class={styles.code}>
        <Show when={SPOKEN[props.line.kind]}>{(spoken) => <span class="only-spoken">{spoken()}</span>}</Show>
        <LineText
          text={props.line.text}
          layers={[props.source.colours(props.file, props.side, props.line[props.side] ?? 0), words()]}
        />
        <Show when={props.line.lacksNewline}>
          <span class={styles.newline} title="No newline at the end of the file">
            no newline at the end
          </span>
        </Show>
      </code>
    </>
  );
}
