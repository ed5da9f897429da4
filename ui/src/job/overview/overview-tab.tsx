/** The job at a glance: what went wrong or waits first, then what came out, where it is, and its subtasks over time. */

import { Show } from "solid-js";
import { query, setQuery } from "../../routing/router.ts";
import { tokens } from "../../words/format.ts";
import { TimeAxis } from "../axis/time-axis.tsx";
import { useJob } from "../job-context.ts";
import { Attention } from "./attention.tsx";
import { Costs } from "./costs.tsx";
import { Details } from "./details.tsx";
import { OutputCard } from "./output-card.tsx";
import styles from "./overview-tab.module.css";
import { Plan } from "./plan.tsx";
import { ResultCard } from "./result-card.tsx";
import { Stepper } from "./stepper.tsx";
import { SubtaskPanel } from "./subtask-panel.tsx";

export function OverviewTab() {
  const { job, subtasks } = useJob();
  const hasBegun = () => subtasks().some(({ startedAt }) => startedAt !== null);
  const chosen = () => subtasks().find(({ id }) => id === query("subtask"));
  return (
    <div class={styles.overview}>
      <Attention />
      <Show when={job().result}>{(result) => <ResultCard result={result()} />}</Show>
      <Show when={job().output}>{(output) => <OutputCard output={output()} />}</Show>
      <Stepper />
      {/* Before the work begins the plan is what there is to see. */}
      <Show when={hasBegun()} fallback={<Plan isOpen />}>
        <TimeAxis />
        <Plan isOpen={false} />
      </Show>
      <div class={styles.columns}>
        <Show when={job().isCodingJob || tokens(job().usage) > 0}>
          <Costs />
        </Show>
        <Details />
      </div>
      <Show when={chosen()}>
        {(subtask) => <SubtaskPanel subtask={subtask()} close={() => setQuery("subtask", null)} />}
      </Show>
    </div>
  );
}
