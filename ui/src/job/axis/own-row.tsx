/** The job's own work on the axis: planning, waiting for approval, merging, verifying. */

import { Index } from "solid-js";
import { Icon } from "../../design/icons.tsx";
import { spent, spentInWords } from "../../words/format.ts";
import { jobPhase } from "../../words/phases.ts";
import { useJob } from "../job-context.ts";
import type { AxisModel } from "./axis-model.ts";
import bars from "./bars.module.css";
import row from "./subtask-row.module.css";
import styles from "./time-axis.module.css";

export function OwnRow(props: { model: AxisModel }) {
  const { job } = useJob();
  return (
    <div class={styles.own} data-state="running">
      <div class={row.label}>
        <Icon name="branch" size={14} class={row.ownIcon} />
        <span class={row.words}>
          <span class={`${row.title} clip`}>Plan and merge</span>
          <span class={`${row.line} clip`}>{job().line ?? "the job's own work"}</span>
        </span>
        <span class={`${row.tokens} num`} title={spentInWords(job().ownUsage, job().ownCost)}>
          {spent(job().ownUsage, job().ownCost)}
        </span>
      </div>
      <div class={row.area} aria-hidden="true">
        <Index each={props.model.ownBars()}>
          {(bar) => (
            <span
              class={`${bars.bar} ${bars.own}`}
              data-kind={bar().kind}
              title={jobPhase(bar().phase)}
              style={{ left: `${bar().x}px`, width: `${bar().width}px` }}
            />
          )}
        </Index>
      </div>
    </div>
  );
}
