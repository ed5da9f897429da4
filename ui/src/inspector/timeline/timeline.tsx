/** The time slider with what plays it: which entry is shown, back to now, and a fork from there. */

import { For, Show } from "solid-js";
import { Button, IconButton } from "../../design/button.tsx";
import { Icon } from "../../design/icons.tsx";
import { useJobActions } from "../../job/actions/job-actions.tsx";
import { useJob } from "../../job/job-context.ts";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { eventInWords } from "../../words/events.ts";
import { count, preciseClock } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import { followMarks } from "./follow-marks.ts";
import { SPEEDS } from "./pace.ts";
import { createPlayer } from "./player.ts";
import styles from "./timeline.module.css";
import { Track } from "./track.tsx";

export function Timeline() {
  const scope = useJob();
  const actions = useJobActions();
  const { last } = useInspector();
  const marks = followMarks(scope, last);
  const player = createPlayer(scope);
  const here = () => scope.at() ?? marks().last;
  const entry = () => scope.entries.get(here());
  const step = (by: number) => {
    player.stop();
    const to = Math.max(marks().first, here() + by);
    scope.setAt(to >= marks().last ? null : to);
  };
  const toMark = (by: -1 | 1) => {
    const seqs = marks().marks.map(({ seq }) => seq);
    const next = by > 0 ? seqs.find((seq) => seq > here()) : seqs.findLast((seq) => seq < here());
    if (next !== undefined) step(next - here());
  };
  const isLive = () => scope.now.job.state === "running" || scope.now.job.state === "waiting";
  const diverged = () => {
    const from = scope.point()?.divergesAt ?? null;
    return from !== null && from <= here() ? from : null;
  };
  useShortcuts("The time slider", [
    { keys: ",", does: "One entry back", act: () => step(-1) },
    { keys: ".", does: "One entry on", act: () => step(1) },
    { keys: "[", does: "To the mark before", act: () => toMark(-1) },
    { keys: "]", does: "To the next mark", act: () => toMark(1) },
    { keys: "p", does: "Play or stop", act: player.toggle },
  ]);
  return (
    <section class={`${styles.timeline} ${scope.at() === null ? "" : styles.past}`} aria-label="Time">
      <div class={styles.controls}>
        <div class={styles.buttons}>
          <IconButton
            icon="stepBack"
            label="One entry back"
            size="sm"
            disabled={here() <= marks().first}
            onClick={() => step(-1)}
          />
          <IconButton
            icon={player.isPlaying() ? "pause" : "play"}
            label={player.isPlaying() ? "Stop playing" : "Play the history"}
            size="sm"
            disabled={marks().last <= marks().first}
            onClick={player.toggle}
          />
          <IconButton
            icon="stepForward"
            label="One entry on"
            size="sm"
            disabled={scope.at() === null}
            onClick={() => step(1)}
          />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
        <div class={styles.choice} role="group" aria-label="Speed">
          <For each={SPEEDS}>
            {(speed) => (
              <button
                type="button"
                class="num"
                aria-pressed={player.speed() === speed}
                onClick={() => player.setSpeed(speed)}
              >
                {speed}×
              </button>
            )}
          </For>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div class={styles.choice} role="group" aria-label="Pace">
          <button type="button" aria-pressed={player.pace() === "entries"} onClick={() => player.setPace("entries")}>
            entries
          </button>
          <button
            type="button"
            title="As the time went, ten times faster, long waits cut short"
            aria-pressed={player.pace() === "time"}
            onClick={() => player.setPace("time")}
          >
            time
          </button>
        </div>
        <p class={styles.what}>
          <Show when={entry()} fallback={<span class="faint">Nothing has happened yet</span>}>
            {(shown) => (
              <>
                <span class={`${styles.number} num faint`}>
                  {count(shown().seq)}
                  <span class="only-spoken"> of </span>
                  <span aria-hidden="true"> / </span>
                  {count(marks().last)}
                </span>
                <span class={`${styles.clock} num faint`}>{preciseClock(shown().at)}</span>
                <span class={`${styles.event} clip`} title={shown().event}>
                  {eventInWords(shown().event)}
                </span>
                <Show when={shown().actorId !== "job"}>
                  <span class="faint clip">in {shown().actorId}</span>
                </Show>
              </>
            )}
          </Show>
        </p>
        <div class={styles.end}>
          <Show
            when={scope.at() !== null}
            fallback={
              <span class={styles.now}>
                <span class={`${styles.live} ${isLive() ? "" : styles.still}`} />
                {isLive() ? "Live" : "Now"}
              </span>
            }
          >
            <Button size="sm" icon="fork" disabled={!actions.isPossible("fork")} onClick={() => actions.fork(here())}>
              Fork from here
            </Button>
            <Button
              size="sm"
              kind="primary"
              icon="toNow"
              onClick={() => {
                player.stop();
                scope.setAt(null);
              }}
            >
              Back to now
            </Button>
          </Show>
        </div>
      </div>
      <Track marks={marks()} />
      <Show when={diverged()}>
        {(from) => (
          <p class={styles.diverges}>
            <Icon name="info" size={14} />
            From entry {count(from())} on this orch would do something else than it did then: states are known, contexts
            are not.
          </p>
        )}
      </Show>
    </section>
  );
}
