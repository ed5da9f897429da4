/** The way of the job from the plan to the result, and where it is on it. */

import { createMemo, Index, Show } from "solid-js";
import { type MarkedState, StateMark } from "../../design/state-mark.tsx";
import { useLive } from "../../live/live.tsx";
import { duration } from "../../words/format.ts";
import { jobPhase } from "../../words/phases.ts";
import { PhaseSpans } from "../axis/phase-spans.ts";
import { useJob } from "../job-context.ts";
import styles from "./stepper.module.css";
import { type StepState, stepsOf } from "./steps.ts";

export function Stepper() {
  const scope = useJob();
  const { now } = useLive();
  const spans = new PhaseSpans();
  const steps = createMemo(() => {
    scope.last();
    spans.take(scope.entries);
    const { settledAt, updatedAt, state } = scope.now.job;
    const until = scope.point()?.entry.at ?? settledAt ?? (state === "interrupted" ? updatedAt : now());
    return stepsOf(scope.job(), spans.of("job", until), until);
  });
  const marks = (): Readonly<Record<StepState, MarkedState>> => ({
    done: "done",
    current: scope.job().state === "done" ? "done" : (scope.job().state as MarkedState),
    failed: "failed",
    stopped: "cancelled",
    todo: "pending",
  });
  return (
    <ol class={styles.steps} aria-label="Where the job is">
      <Index each={steps()}>
        {(step) => (
          <li
            class={styles.step}
            data-step={step().state}
            data-state={marks()[step().state]}
            aria-current={step().state === "current" ? "step" : undefined}
          >
            <StateMark state={marks()[step().state]} size={16} />
            <span class={styles.name}>{jobPhase(step().phase)}</span>
            <Show when={step().took !== null}>
              <span class={`${styles.took} num`}>
                {duration(step().took ?? 0)}
                <Show when={step().times > 1}> · {step().times}×</Show>
              </span>
            </Show>
          </li>
        )}
      </Index>
    </ol>
  );
}
