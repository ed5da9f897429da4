/** The slider over the history: chapters, marks, and a thumb that is dragged or moved by keys. */

import { createMemo, createSignal, For, Index, onCleanup, onMount, Show } from "solid-js";
import { useJob } from "../../job/job-context.ts";
import { eventInWords, stateInWords } from "../../words/events.ts";
import { clock, count } from "../../words/format.ts";
import { textWidth } from "../chart/text-width.ts";
import type { FollowedMarks } from "./follow-marks.ts";
import { around, placed } from "./marks.ts";
import styles from "./timeline.module.css";

/** As fine as marks are placed: a job may have thousands of them. */
const PLACES = 240;
const DENSE = 60;

export function Track(props: { marks: FollowedMarks }) {
  const scope = useJob();
  const [width, setWidth] = createSignal(800);
  const [hovered, setHovered] = createSignal<number | null>(null);
  let track!: HTMLDivElement;
  let isDragging = false;

  const first = () => props.marks.first;
  const last = () => props.marks.last;
  const here = () => scope.at() ?? last();
  const share = (seq: number) => (last() <= first() ? 1 : (seq - first()) / (last() - first()));
  const percent = (seq: number) => `${Math.min(100, Math.max(0, share(seq) * 100))}%`;
  const entry = () => scope.entries.get(here());

  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(track.clientWidth));
    observer.observe(track);
    onCleanup(() => observer.disconnect());
  });

  const move = (seq: number) => {
    const to = Math.min(last(), Math.max(first(), seq));
    scope.setAt(to >= last() ? null : to);
  };
  const seqAt = (event: PointerEvent) => {
    const rect = track.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
    return Math.round(first() + part * (last() - first()));
  };
  const keys = (event: KeyboardEvent) => {
    const page = Math.max(5, Math.round((last() - first()) / 20));
    const step = event.shiftKey ? 10 : 1;
    const to = {
      ArrowLeft: here() - step,
      ArrowDown: here() - step,
      ArrowRight: here() + step,
      ArrowUp: here() + step,
      PageDown: here() - page,
      PageUp: here() + page,
      Home: first(),
      End: last(),
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(to);
  };

  const spots = createMemo(() => placed(props.marks.marks, first(), last(), PLACES));
  const chapters = createMemo(() => {
    const { phases } = props.marks;
    return phases.map((phase, index) => {
      const to = phases[index + 1]?.from ?? last();
      const from = share(phase.from);
      const room = (share(to) - from) * width();
      return {
        ...phase,
        to,
        left: from,
        room,
        isNamed: room > textWidth(phase.name, 11) + 4,
      };
    });
  });
  const words = () => {
    const shown = entry();
    if (shown === undefined) return "nothing has happened yet";
    const place = scope.at() === null ? "now, " : "";
    return `${place}entry ${shown.seq} of ${last()}, ${clock(shown.at)}: ${shown.actorId}, ${eventInWords(shown.event)}, ${stateInWords(shown.state)}`;
  };

  return (
    <div
      ref={track}
      class={`${styles.track} ${scope.at() === null ? styles.atNow : ""} ${spots().length > DENSE ? styles.dense : ""}`}
      role="slider"
      tabIndex={0}
      aria-label="Point in the history"
      aria-valuemin={first()}
      aria-valuemax={last()}
      aria-valuenow={here()}
      aria-valuetext={words()}
      onKeyDown={keys}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        isDragging = true;
        track.setPointerCapture(event.pointerId);
        move(seqAt(event));
      }}
      onPointerMove={(event) => {
        const seq = seqAt(event);
        setHovered(seq);
        if (isDragging) move(seq);
      }}
      onPointerUp={() => {
        isDragging = false;
      }}
      onPointerCancel={() => {
        isDragging = false;
      }}
      onPointerLeave={() => setHovered(null)}
    >
      <div class={styles.bar}>
        <Index each={chapters()}>
          {(chapter) => (
            <div
              class={styles.phase}
              data-tone={chapter().name === "failed" ? "failed" : undefined}
              style={{ left: `${chapter().left * 100}%`, width: `${(chapter().room / width()) * 100}%` }}
            />
          )}
        </Index>
        <div class={styles.gone} style={{ width: percent(here()) }} />
      </div>
      <Index each={spots()}>
        {(spot) => (
          <span
            class={styles.mark}
            data-kind={spot().mark.kind}
            style={{ left: `${(spot().place / (PLACES - 1)) * 100}%` }}
          />
        )}
      </Index>
      <Index each={chapters().filter(({ isNamed }) => isNamed)}>
        {(chapter) => (
          <span
            class={styles.label}
            aria-current={here() >= chapter().from && here() < chapter().to ? "step" : undefined}
            style={{ left: `${chapter().left * 100}%`, width: `${chapter().room}px` }}
          >
            {chapter().name}
          </span>
        )}
      </Index>
      <div class={styles.thumb} style={{ left: percent(here()) }} />
      <Show when={hovered()}>
        {(seq) => (
          <>
            <div class={styles.hover} style={{ left: percent(seq()) }} />
            <HoverTip seq={seq()} left={percent(seq())} part={share(seq())} marks={props.marks} />
          </>
        )}
      </Show>
    </div>
  );
}

function HoverTip(props: { seq: number; left: string; part: number; marks: FollowedMarks }) {
  const scope = useJob();
  const entry = () => scope.entries.get(props.seq);
  /** What is marked close by: a mark is hard to hit on a long track. */
  const near = () => {
    const reach = Math.max(0, Math.round((props.marks.last - props.marks.first) / PLACES / 2));
    return around(props.marks.marks, props.seq, reach, 3);
  };
  return (
    <Show when={entry()}>
      {(shown) => (
        <div
          class={`${styles.tip} ${props.part < 0.15 ? styles.atStart : ""} ${props.part > 0.85 ? styles.atEnd : ""}`}
          style={{ left: props.left }}
          aria-hidden="true"
        >
          <p class="num faint">
            #{count(shown().seq)} · {clock(shown().at)} · {shown().actorId}
          </p>
          <p>
            {eventInWords(shown().event)} <span class="quiet">→ {stateInWords(shown().state)}</span>
          </p>
          <For each={near()}>{(mark) => <p class="quiet">{mark.text}</p>}</For>
        </div>
      )}
    </Show>
  );
}
