/** Lines that are not shown, and the buttons that open them; and notes in a file's place. */

import { Match, Show, Switch } from "solid-js";
import { toErrorView } from "../api/api-error.ts";
import { Button } from "../design/button.tsx";
import { visibleText } from "../text/unusual.ts";
import { count, many } from "../words/format.ts";
import type { Fold, Opened } from "./fold.ts";
import styles from "./fold-row.module.css";
import { LARGE, type Note } from "./layout.ts";

const STEP = 20;

export function FoldRow(props: { fold: Fold; opened: Opened; open: (opened: Opened) => void }) {
  const isLong = () => props.fold.hidden === null || props.fold.hidden > 2 * STEP;
  const all = () => props.open({ head: Number.POSITIVE_INFINITY, tail: 0 });
  return (
    <div class={styles.fold}>
      <span class={styles.buttons}>
        <Show when={isLong() && props.fold.key > 1}>
          <button
            type="button"
            class={styles.step}
            aria-label={`Show ${STEP} more lines below those above`}
            title={`${STEP} more lines downwards`}
            onClick={() => props.open({ ...props.opened, head: props.opened.head + STEP })}
          >
            ↓ {STEP}
          </button>
        </Show>
        <Show when={isLong() && props.fold.hidden !== null}>
          <button
            type="button"
            class={styles.step}
            aria-label={`Show ${STEP} more lines above those below`}
            title={`${STEP} more lines upwards`}
            onClick={() => props.open({ ...props.opened, tail: props.opened.tail + STEP })}
          >
            ↑ {STEP}
          </button>
        </Show>
      </span>
      <button type="button" class={styles.all} onClick={all}>
        {props.fold.hidden === null ? "Show the rest of the file" : `Show ${many(props.fold.hidden, "unchanged line")}`}
      </button>
      <Show when={props.fold.section}>
        <code class={styles.section}>{visibleText(props.fold.section)}</code>
      </Show>
    </div>
  );
}

export function NoteRow(props: { note: Note; lines: number; error: unknown; load: () => void }) {
  return (
    <div class={styles.note} data-note={props.note}>
      <Switch>
        <Match when={props.note === "loading"}>
          <span role="status">Loading …</span>
        </Match>
        <Match when={props.note === "failed"}>
          <span role="alert">{toErrorView(props.error).message}</span>
          <Button size="sm" icon="retry" onClick={props.load}>
            Load again
          </Button>
        </Match>
        <Match when={props.note === "large"}>
          <span>
            {count(props.lines)} lines changed: more than {count(LARGE)} are shown when asked for.
          </span>
          <Button size="sm" onClick={props.load}>
            Show them
          </Button>
        </Match>
        <Match when={props.note === "binary"}>A binary file: there are no lines to show.</Match>
        <Match when={props.note === "mode"}>Only its mode changed (whether it can be executed).</Match>
        <Match when={props.note === "moved"}>Only its name changed.</Match>
        <Match when={props.note === "type"}>It became another kind of file: a link, or a file.</Match>
        <Match when={props.note === "empty"}>An empty file.</Match>
        <Match when={props.note === "cut"}>
          The diff of this file is longer than 2 MB: what follows is not shown. It is in the branch.
        </Match>
      </Switch>
    </div>
  );
}
