/** One entry of the history in one line. */

import { Show } from "solid-js";
import type { HistoryEntry } from "../../../../src/core/protocol/history.ts";
import { StateMark } from "../../design/state-mark.tsx";
import { eventInWords, stateInWords } from "../../words/events.ts";
import { fullTime, preciseClock, preciseDuration } from "../../words/format.ts";
import { effectInWords } from "./effect-words.ts";
import styles from "./history-tab.module.css";

export function EntryRow(props: {
  entry: HistoryEntry;
  before: number | undefined;
  isChosen: boolean;
  choose: () => void;
}) {
  const effects = () => props.entry.effects.map(effectInWords).join(", ");
  return (
    <button
      type="button"
      class={styles.entry}
      aria-pressed={props.isChosen}
      data-error={props.entry.error !== null}
      onClick={() => props.choose()}
    >
      <span class={`${styles.seq} num`}>{props.entry.seq}</span>
      <span class={`${styles.time} num`} title={fullTime(props.entry.at)}>
        {preciseClock(props.entry.at)}
      </span>
      <span class={`${styles.delta} num`}>
        <Show when={props.before !== undefined}>+{preciseDuration(props.entry.at - (props.before ?? 0))}</Show>
      </span>
      <span class={`${styles.actor} clip`}>{props.entry.actorId}</span>
      <span class={`${styles.event} clip`} title={props.entry.event}>
        <Show when={props.entry.error}>
          <StateMark state="failed" size={13} class={styles.mark} />
          <span class="only-spoken">error: </span>
        </Show>
        {eventInWords(props.entry.event)}
      </span>
      <span class={`${styles.state} clip`}>{stateInWords(props.entry.state)}</span>
      <span class={`${styles.effects} clip`}>{props.entry.error?.message ?? effects()}</span>
    </button>
  );
}
