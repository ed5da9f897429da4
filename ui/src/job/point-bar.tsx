/** A sign on every tab that the page shows a point of the past, and the ways out of it. */

import { Show } from "solid-js";
import { toErrorView } from "../api/api-error.ts";
import { Button } from "../design/button.tsx";
import { Icon } from "../design/icons.tsx";
import { useLive } from "../live/live.tsx";
import { ago, preciseClock } from "../words/format.ts";
import { useJobActions } from "./actions/job-actions.tsx";
import { useJob } from "./job-context.ts";
import styles from "./point-bar.module.css";

export function PointBar() {
  const scope = useJob();
  const actions = useJobActions();
  const { now } = useLive();
  const when = () => scope.entries.timeOf(scope.at() ?? 0);
  return (
    <Show when={scope.at() !== null}>
      <div class={styles.bar} role="status">
        <Icon name="clock" />
        <p class={styles.words}>
          <strong>Back in time:</strong> this page shows the job after entry <span class="num">{scope.at()}</span> of{" "}
          <span class="num">{scope.last()}</span>
          <Show when={when()}>
            {(time) => (
              <span class={`${styles.time} num`}>
                {" "}
                · {preciseClock(time())}, {ago(time(), now())}
              </span>
            )}
          </Show>
          <Show when={scope.pointError()}>
            {(error) => <span class={styles.error}> · {toErrorView(error()).message}</span>}
          </Show>
        </p>
        <Show when={actions.isPossible("fork")}>
          <Button size="sm" icon="fork" onClick={() => actions.fork(scope.at() as number)}>
            Fork from here
          </Button>
        </Show>
        <Button size="sm" kind="primary" onClick={() => scope.setAt(null)} aria-keyshortcuts="n">
          Back to now
        </Button>
      </div>
    </Show>
  );
}
