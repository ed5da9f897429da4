/** One job in the list: a link with all that tells whether one has to look closer. */

import { Show } from "solid-js";
import type { JobItem } from "../../../src/core/protocol/jobs.ts";
import { Icon } from "../design/icons.tsx";
import { StateMark } from "../design/state-mark.tsx";
import { useLive } from "../live/live.tsx";
import { Link } from "../routing/link.tsx";
import { jobAddress } from "../routing/routes.ts";
import { ago, duration, fullTime, isPriced, spent, spentInWords } from "../words/format.ts";
import { stateOfJob } from "../words/phases.ts";
import styles from "./job-row.module.css";
import { ProgressBar } from "./progress-bar.tsx";

/** @param props.isMixed others of the list show money: it is said that these are tokens */
export function JobRow(props: { job: JobItem; isMixed: boolean }) {
  const { now } = useLive();
  const branch = () => props.job.resultBranch ?? props.job.baseBranch;
  return (
    <Link to={jobAddress(props.job.id)} class={styles.row} data-state={props.job.state}>
      <span class={styles.what}>
        <StateMark state={props.job.state} class={styles.mark} />
        <span class={styles.words}>
          <span class={`${styles.task} clip`}>{firstLine(props.job.task)}</span>
          <span class={`${styles.where} clip`}>
            <span>{props.job.repository.name || props.job.workflow}</span>
            <Show when={branch()}>
              {(name) => (
                <span class={styles.branch}>
                  <Icon name="branch" size={12} />
                  {name()}
                </span>
              )}
            </Show>
            <code>{props.job.id}</code>
          </span>
        </span>
      </span>
      <span class={`${styles.state} clip`}>{stateOfJob(props.job)}</span>
      <span class={styles.progress}>
        <ProgressBar
          progress={props.job.progress}
          state={props.job.state}
          isExpected={props.job.workflow === "coding-job" && props.job.settledAt === null}
        />
      </span>
      <span class={`${styles.number} ${styles.time} num`}>
        <span class="only-spoken">took </span>
        {duration((props.job.settledAt ?? now()) - props.job.createdAt)}
      </span>
      <span class={`${styles.number} ${styles.tokens} num`} title={spentInWords(props.job.usage, props.job.cost)}>
        {spent(props.job.usage, props.job.cost)}
        <Show when={!isPriced(props.job.cost)}>
          <span class={props.isMixed ? "faint" : "only-spoken"}> tokens</span>
        </Show>
      </span>
      <span class={`${styles.number} ${styles.started} num`} title={fullTime(props.job.createdAt)}>
        {ago(props.job.createdAt, now())}
      </span>
    </Link>
  );
}

export function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0] ?? "";
}
