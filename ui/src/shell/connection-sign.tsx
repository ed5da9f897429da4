/** Whether what is shown is of now: a quiet dot while it is, a bar over the page with the age of what is shown if not. */

import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Switch } from "solid-js";
import { Button } from "../design/button.tsx";
import { Icon } from "../design/icons.tsx";
import { useLive } from "../live/live.tsx";
import { clock, duration } from "../words/format.ts";
import styles from "./connection-sign.module.css";

export function ConnectionSign() {
  const { status } = useLive();
  return (
    <span class={styles.sign} data-connection={status().state} role="status">
      <span class={styles.dot} aria-hidden="true" />
      <Switch>
        <Match when={status().state === "live"}>Live</Match>
        <Match when={status().state === "connecting"}>Connecting</Match>
        <Match when={status().state === "lost"}>Not live</Match>
        <Match when={status().state === "refused"}>Signed out</Match>
        <Match when={status().state === "outdated"}>Outdated</Match>
      </Switch>
    </span>
  );
}

/** A connection that is back this soon was never worth a word. */
const SHOWN_AFTER_MS = 700;

export function ConnectionBar() {
  const { status, connection } = useLive();
  const [isShown, setShown] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLost = createMemo(
    () => status().state === "lost" || (status().state === "connecting" && status().retryAt !== null),
  );
  createEffect(() => {
    clearTimeout(timer);
    if (!isLost()) setShown(false);
    else timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
  });
  onCleanup(() => clearTimeout(timer));

  // Not the server's clock: that is what was lost.
  const [now, setNow] = createSignal(Date.now());
  const tick = setInterval(() => setNow(Date.now()), 500);
  onCleanup(() => clearInterval(tick));
  const wait = () => Math.max(0, Math.ceil(((status().retryAt ?? 0) - now()) / 1000));

  return (
    <Show when={status().state !== "outdated"} fallback={<OutdatedBar />}>
      <Show when={isShown()}>
        <div class={styles.bar} role="alert">
          <Icon name="warning" />
          <p class={styles.words}>
            <Show when={status().lastAt} fallback={<strong>The dashboard's server does not answer.</strong>}>
              {(last) => (
                <>
                  <strong>Connection lost.</strong> What is shown is of {clock(last())},{" "}
                  <span class="num">{duration(now() - last())}</span> ago.
                </>
              )}
            </Show>{" "}
            <span class={styles.hint}>
              See whether <code>orch dashboard</code> still runs. Jobs go on without it.
            </span>
          </p>
          <span class={`${styles.wait} num`}>
            {status().retryAt === null || wait() === 0 ? "Trying …" : `Trying again in ${wait()}s`}
          </span>
          <Button size="sm" onClick={() => connection.retryNow()}>
            Try now
          </Button>
        </div>
      </Show>
    </Show>
  );
}

function OutdatedBar() {
  return (
    <div class={styles.bar} role="alert">
      <Icon name="warning" />
      <p class={styles.words}>
        <strong>The dashboard was updated.</strong> This page no longer understands its server, and shows what it had.
      </p>
      <Button size="sm" onClick={() => location.reload()}>
        Reload
      </Button>
    </div>
  );
}
