/** What a dashboard without jobs says: what a job is, and the two ways to start one. */

import { For } from "solid-js";
import { Button } from "../design/button.tsx";
import { Copyable } from "../design/copy.tsx";
import styles from "./first-job.module.css";

const STEPS = [
  { title: "Plan", words: "A planner reads the repository and splits the task into subtasks, some after others." },
  {
    title: "Work",
    words: "Agents work on them side by side, each in a worktree of its own. Your checkout is not touched.",
  },
  {
    title: "Merge",
    words: "What they wrote is checked and merged into one branch. It is pushed only if you ask for it.",
  },
];

export function FirstJob(props: { start: () => void }) {
  return (
    <section class={styles.first}>
      <h2 class={styles.title}>Say what is to be done. See what came out.</h2>
      <p class={styles.lead}>
        A job is a task for a repository. It survives crashes and reboots: whatever happens, it goes on where it stood,
        and nothing is paid for twice.
      </p>
      <ol class={styles.steps}>
        <For each={STEPS}>
          {({ title, words }, index) => (
            <li class={styles.step}>
              <span class={`${styles.number} num`}>{index() + 1}</span>
              <h3>{title}</h3>
              <p class="quiet">{words}</p>
            </li>
          )}
        </For>
      </ol>
      <div class={styles.ways}>
        <Button kind="primary" icon="plus" onClick={() => props.start()}>
          Start a job
        </Button>
        <span class="quiet">or in a repository, from the terminal:</span>
        <Copyable class={styles.command} label="the command" text={'orch run "Add a health check"'} />
      </div>
    </section>
  );
}
