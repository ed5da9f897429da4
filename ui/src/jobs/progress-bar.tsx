/** How far a job's subtasks are: a bar of what is done, failed, running, and `3/7` beside it. */

import { For, Show } from "solid-js";
import type { JobStateName } from "../../../src/core/protocol/common.ts";
import type { Progress } from "../../../src/core/protocol/jobs.ts";
import styles from "./progress-bar.module.css";

const STANDING: ReadonlySet<JobStateName> = new Set(["cancelled", "paused", "interrupted"]);
const PARTS = ["done", "skipped", "failed", "blocked", "running"] as const;

/**
 * @param props.state of the job: what was running in it is not, once it stands
 * @param props.isExpected whether there will be a plan
 */
export function ProgressBar(props: { progress: Progress; state: JobStateName; isExpected: boolean }) {
  const stateOf = (part: (typeof PARTS)[number]) =>
    part === "running" && STANDING.has(props.state) ? props.state : part;
  return (
    <Show
      when={props.progress.total > 0}
      fallback={<span class={styles.none}>{props.isExpected ? "No plan yet" : "—"}</span>}
    >
      <span class={styles.progress}>
        <span class={styles.track} aria-hidden="true">
          <For each={PARTS}>
            {(part) => (
              <Show when={props.progress[part] > 0}>
                <span
                  class={styles.part}
                  data-state={stateOf(part)}
                  style={{ "flex-basis": `${(props.progress[part] / props.progress.total) * 100}%` }}
                />
              </Show>
            )}
          </For>
        </span>
        <span class={`${styles.words} num`}>
          {props.progress.done}
          <span class={styles.of}>/{props.progress.total}</span>
          <span class="only-spoken">
            {" "}
            subtasks done{props.progress.failed > 0 ? `, ${props.progress.failed} failed` : ""}
            {props.progress.blocked > 0 ? `, ${props.progress.blocked} blocked` : ""}
          </span>
        </span>
      </span>
    </Show>
  );
}
