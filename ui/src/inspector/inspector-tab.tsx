/** The statechart of the job's machines, live and at any point of their history. */

import { createSignal, Match, Show, Switch } from "solid-js";
import { toErrorView } from "../api/api-error.ts";
import { Empty } from "../design/empty.tsx";
import { ErrorWords } from "../design/error-words.tsx";
import { useJob } from "../job/job-context.ts";
import { Breadcrumb } from "./breadcrumb.tsx";
import styles from "./inspector.module.css";
import { createInspector, InspectorContext } from "./model/inspector.ts";
import { SidePanel } from "./panel/side-panel.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { ChartView } from "./view/chart-view.tsx";
import { Outline } from "./view/outline.tsx";

export function InspectorTab() {
  const scope = useJob();
  const inspector = createInspector(scope);
  const [isOutline, setOutline] = createSignal(false);
  return (
    <InspectorContext.Provider value={inspector}>
      <div class={styles.inspector}>
        <Timeline />
        <div class={styles.main}>
          <div class={styles.bar}>
            <Breadcrumb />
            {/* biome-ignore lint/a11y/useSemanticElements: two buttons of which one is pressed */}
            <div class={styles.choice} role="group" aria-label="Show as">
              <button type="button" aria-pressed={!isOutline()} onClick={() => setOutline(false)}>
                Chart
              </button>
              <button type="button" aria-pressed={isOutline()} onClick={() => setOutline(true)}>
                Outline
              </button>
            </div>
          </div>
          <div class={styles.place}>
            <Switch>
              <Match when={inspector.machineError()}>
                {(error) => (
                  <div class={styles.message}>
                    <ErrorWords error={toErrorView(error())} />
                  </div>
                )}
              </Match>
              <Match when={inspector.actor() === undefined}>
                <div class={styles.message}>
                  <Empty title="Nothing runs here yet">
                    <Show when={scope.now.job.seq > 0} fallback="The job takes its first step as soon as it is run.">
                      There is no actor {inspector.actorId()} in this job.
                    </Show>
                  </Empty>
                </div>
              </Match>
              <Match when={inspector.machine()}>
                {(machine) => (
                  <Show when={!isOutline()} fallback={<Outline machine={machine()} />}>
                    <ChartView machine={machine()} />
                  </Show>
                )}
              </Match>
            </Switch>
          </div>
          <SidePanel />
        </div>
      </div>
    </InspectorContext.Provider>
  );
}
