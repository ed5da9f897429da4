/** The lines of a log: numbered, with their times and levels, in colours. */

import { Show } from "solid-js";
import { LongList, type LongListHandle } from "../long-list/long-list.tsx";
import { LineText } from "../text/line-text.tsx";
import { fullTime, preciseClock } from "../words/format.ts";
import "./ansi.css";
import { hitMarks } from "./hits.ts";
import { readLine } from "./log-line.ts";
import styles from "./log-lines.module.css";
import type { OpenLog } from "./log-source.ts";

const LINE = 20;
/** Characters beside the text: number, time, level. */
const GUTTER = 40;

export function LogLines(props: {
  log: OpenLog;
  total: number;
  search: string;
  /** The line that is gone to; null for none. */
  marked: number | null;
  isWrapped: boolean;
  isFollowing: boolean;
  setFollowing: (isFollowing: boolean) => void;
  link: (line: number) => void;
  ready: (handle: LongListHandle) => void;
}) {
  return (
    <LongList
      class={`${styles.list} ${props.isWrapped ? styles.wrapped : ""}`}
      label="Lines of the log"
      count={props.total}
      estimate={() => LINE}
      keyOf={(index) => index}
      seen={props.log.want}
      isFollowing={props.isFollowing}
      setFollowing={props.setFollowing}
      columns={props.isWrapped ? undefined : props.log.columns() + GUTTER}
      ready={props.ready}
      row={(n) => (
        <Line
          n={n}
          text={textOf(props.log, n)}
          search={props.search}
          isMarked={props.marked === n}
          digits={Math.max(3, String(props.total).length)}
          link={props.link}
        />
      )}
    />
  );
}

function textOf(log: OpenLog, n: number): string | undefined {
  const entry = log.get(n);
  return entry && !("kind" in entry) ? entry.text : undefined;
}

function Line(props: {
  n: number;
  text: string | undefined;
  search: string;
  isMarked: boolean;
  digits: number;
  link: (line: number) => void;
}) {
  const line = () => (props.text === undefined ? undefined : readLine(props.text));
  return (
    <div
      class={styles.line}
      style={{ "--digits": props.digits }}
      data-level={line()?.level ?? undefined}
      data-role={line()?.role ?? undefined}
      data-marked={props.isMarked || undefined}
    >
      <button
        type="button"
        class={styles.number}
        tabIndex={-1}
        aria-label={`Link to line ${props.n + 1}`}
        title="Link to this line"
        onClick={() => props.link(props.n)}
      >
        {props.n + 1}
      </button>
      <Show when={line()} fallback={<span class={styles.absent} />}>
        {(read) => (
          <>
            <Show when={read().time}>
              {(time) => (
                // The date is written when it is asked for: it costs more than all the rest of the line.
                <time
                  class={styles.time}
                  onPointerEnter={(event) => {
                    event.currentTarget.title = fullTime(time());
                  }}
                >
                  {preciseClock(time())}
                </time>
              )}
            </Show>
            <Show when={read().level}>{(level) => <span class={styles.level}>{level()}</span>}</Show>
            <code class={styles.text}>
              <LineText
                text={read().text}
                layers={[read().marks, hitMarks(read().text, props.search, props.isMarked ? "hit hit-current" : "hit")]}
              />
            </code>
          </>
        )}
      </Show>
    </div>
  );
}
