/** The job's state, its task, what can be done with it, and the facts that one looks for first. */

import { createSignal, Show } from "solid-js";
import { StateBadge } from "../design/badge.tsx";
import { firstLine } from "../jobs/job-row.tsx";
import { stateOfJob } from "../words/phases.ts";
import { ActionButtons } from "./actions/action-buttons.tsx";
import { useJob } from "./job-context.ts";
import { JobFacts } from "./job-facts.tsx";
import styles from "./job-header.module.css";

export function JobHeader() {
  const { job, at } = useJob();
  const [isOpen, setOpen] = createSignal(false);
  const rest = () => job().task.trim().slice(firstLine(job().task).length).trim();
  return (
    <header class={styles.header}>
      <div class={styles.top}>
        <div class={styles.states}>
          <StateBadge state={job().state} label={stateOfJob(job())} />
          <Show when={job().runBy}>
            {(owner) => (
              <span class="faint">
                {owner().isHere ? "run by this dashboard" : `run by process ${owner().pid} on ${owner().host}`}
              </span>
            )}
          </Show>
        </div>
        {/* What can be done is of now: it would be misread beside a state of the past. */}
        <Show when={at() === null}>
          <ActionButtons />
        </Show>
      </div>
      <h1 class={`${styles.task} ${isOpen() ? "" : styles.cut}`}>{firstLine(job().task)}</h1>
      <Show when={rest() !== ""}>
        <p class={`${styles.rest} words ${isOpen() ? "" : styles.cutRest}`}>{rest()}</p>
      </Show>
      <Show when={rest().length > 160 || job().task.length > 220}>
        <button type="button" class={styles.more} aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
          {isOpen() ? "Less" : "Whole task"}
        </button>
      </Show>
      <JobFacts />
    </header>
  );
}
