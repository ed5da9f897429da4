/** One subtask on the axis: its words at the left, its bars over time at the right. The whole row opens it. */

import { createMemo, Index, Show } from "solid-js";
import type { SubtaskItem } from "../../../../src/core/protocol/jobs.ts";
import { StateMark } from "../../design/state-mark.tsx";
import { useLive } from "../../live/live.tsx";
import { duration, preciseDuration, spent, spentInWords, tokens } from "../../words/format.ts";
import { subtaskPhase } from "../../words/phases.ts";
import { markOf, saidOf } from "../subtask-words.ts";
import type { AxisModel } from "./axis-model.ts";
import bars from "./bars.module.css";
import { areSameBars } from "./bars.ts";
import styles from "./subtask-row.module.css";
import { position } from "./time-scale.ts";

export function SubtaskRow(props: {
  subtask: SubtaskItem;
  index: number;
  model: AxisModel;
  isChosen: boolean;
  choose: () => void;
  focus: () => void;
}) {
  const { now } = useLive();
  const mark = () => markOf(props.subtask);
  const said = () => saidOf(props.subtask, now());
  const drawn = createMemo(() => props.model.bars(props.subtask), [], { equals: areSameBars });
  const end = () => {
    const last = drawn().at(-1);
    return last === undefined ? 0 : last.x + last.width;
  };
  const took = () =>
    props.subtask.startedAt === null
      ? ""
      : props.subtask.finishedAt === null
        ? duration(props.model.until() - props.subtask.startedAt)
        : preciseDuration(props.subtask.finishedAt - props.subtask.startedAt);
  const retryX = () => {
    const at = props.subtask.retry?.at;
    return at === undefined ? null : Math.max(6, position(props.model.scale(), at) - end());
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button inside is for the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div class={styles.row} data-state={mark()} data-chosen={props.isChosen} onClick={() => props.choose()}>
      <button
        type="button"
        class={styles.label}
        data-index={props.index}
        aria-expanded={props.isChosen}
        onFocus={() => props.focus()}
        onClick={(event) => {
          event.stopPropagation();
          props.choose();
        }}
      >
        <StateMark state={mark()} size={15} />
        <span class={styles.words}>
          <span class={`${styles.title} clip`}>{props.subtask.title}</span>
          <span class={`${styles.line} clip`} data-kind={said().kind}>
            <span class="only-spoken">{mark()}. </span>
            {said().text}
          </span>
        </span>
        <span class={`${styles.tokens} num`} title={spentInWords(props.subtask.usage, props.subtask.cost)}>
          <Show when={tokens(props.subtask.usage) > 0}>{spent(props.subtask.usage, props.subtask.cost)}</Show>
        </span>
      </button>
      <div class={styles.area} aria-hidden="true">
        <Index each={drawn()}>
          {(bar, index) => (
            <span
              class={bars.bar}
              data-kind={bar().kind}
              data-first={index === 0 || bar().isNewTry}
              data-last={index === drawn().length - 1 || drawn()[index + 1]?.isNewTry === true}
              title={subtaskPhase(bar().phase)}
              style={{ left: `${bar().x}px`, width: `${bar().width}px` }}
            />
          )}
        </Index>
        <Show when={retryX()}>
          {(width) => <span class={bars.retry} style={{ left: `${end()}px`, width: `${width()}px` }} />}
        </Show>
        <Show when={took() !== ""}>
          <span class={`${styles.took} num`} style={{ left: `${end() + (retryX() ?? 0)}px` }}>
            {took()}
            <Show when={props.subtask.tries > 1}>
              <span class={styles.tries}> · try {props.subtask.tries}</span>
            </Show>
          </span>
        </Show>
      </div>
    </div>
  );
}
