/** Plays the history: moves the page's point in time on with each frame, until it is now. */

import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { JobScope } from "../../live/job-scope.ts";
import { type Pace, Playhead, type Speed } from "./pace.ts";

export interface Player {
  readonly isPlaying: Accessor<boolean>;
  readonly toggle: () => void;
  readonly stop: () => void;
  readonly speed: Accessor<Speed>;
  readonly setSpeed: (speed: Speed) => void;
  readonly pace: Accessor<Pace>;
  readonly setPace: (pace: Pace) => void;
}

/** A tab that was in the background comes back with one long frame: it goes on, it doesn't leap. */
const LONGEST_FRAME_MS = 100;

export function createPlayer(scope: JobScope): Player {
  const [isPlaying, setPlaying] = createSignal(false);
  const [speed, setSpeed] = createSignal<Speed>(1);
  const [pace, setPace] = createSignal<Pace>("entries");
  let frame = 0;
  const stop = () => {
    cancelAnimationFrame(frame);
    setPlaying(false);
  };
  onCleanup(stop);

  const play = () => {
    // From now there is nothing to play: it begins anew.
    let at = scope.at() ?? 1;
    let head = new Playhead(at);
    let before = performance.now();
    scope.setAt(at);
    setPlaying(true);
    const step = (time: number) => {
      const here = scope.at();
      if (here === null) return stop();
      // The slider was moved while it plays: it goes on from there.
      if (here !== at) head = new Playhead(here);
      const last = scope.last();
      at = head.advance(
        Math.min(time - before, LONGEST_FRAME_MS),
        last,
        pace(),
        speed(),
        (seq) => scope.entries.timeOf(seq) ?? 0,
      );
      before = time;
      if (at >= last) {
        scope.setAt(null);
        return stop();
      }
      scope.setAt(at);
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };

  return { isPlaying, toggle: () => (isPlaying() ? stop() : play()), stop, speed, setSpeed, pace, setPace };
}
