/** One job: its head, the point in time that the page shows, and the tabs. */

import { createEffect, lazy, Match, onCleanup, Show, Suspense, Switch } from "solid-js";
import { Empty } from "../design/empty.tsx";
import { TabBar } from "../design/tabs.tsx";
import { createJobScope } from "../live/job-scope.ts";
import { useLive } from "../live/live.tsx";
import { Link } from "../routing/link.tsx";
import { go, route } from "../routing/router.ts";
import { JOB_TABS, type JobTab, jobAddress } from "../routing/routes.ts";
import page from "../shell/page.module.css";
import { useShortcuts } from "../shell/shortcuts.ts";
import { short } from "../words/format.ts";
import { JobActionsProvider } from "./actions/job-actions.tsx";
import { JobContext } from "./job-context.ts";
import { JobHeader } from "./job-header.tsx";
import styles from "./job-page.module.css";
import { JobSkeleton } from "./job-skeleton.tsx";
import { OverviewTab } from "./overview/overview-tab.tsx";
import { PointBar } from "./point-bar.tsx";

// Whoever looks at a job first sees the overview: the others are fetched when they are opened.
const InspectorTab = lazy(async () => ({ default: (await import("../inspector/inspector-tab.tsx")).InspectorTab }));
const DiffTab = lazy(async () => ({ default: (await import("../diff/diff-tab.tsx")).DiffTab }));
const LogsTab = lazy(async () => ({ default: (await import("../logs/logs-tab.tsx")).LogsTab }));
const HistoryTab = lazy(async () => ({ default: (await import("./history/history-tab.tsx")).HistoryTab }));

const LABELS: Readonly<Record<JobTab, string>> = {
  overview: "Overview",
  inspector: "Inspector",
  diff: "Diff",
  logs: "Logs",
  history: "History",
};

export function JobPage(props: { id: string }) {
  const scope = createJobScope(useLive(), props.id);
  const tab = (): JobTab => {
    const here = route();
    return here.page === "job" ? here.tab : "overview";
  };
  useShortcuts("A job", [
    ...JOB_TABS.map((name, index) => ({
      keys: String(index + 1),
      does: LABELS[name],
      act: () => go(jobAddress(props.id, name)),
    })),
    { keys: "n", does: "Show it as it is now", act: () => scope.setAt(null) },
  ]);
  createEffect(() => {
    const state = scope.state() === "ready" ? ` · ${scope.now.job.state}` : "";
    document.title = `${props.id}${state} · orch`;
  });
  onCleanup(() => {
    document.title = "orch";
  });

  // What is no coding job has no result to compare.
  const shownTabs = () => JOB_TABS.filter((name) => name !== "diff" || scope.now.job?.isCodingJob !== false);
  const tabs = () =>
    shownTabs().map((name) => ({
      name,
      label: LABELS[name],
      address: jobAddress(props.id, name),
      count: name === "history" && scope.state() === "ready" ? short(scope.now.job.seq) : undefined,
    }));

  return (
    <JobContext.Provider value={scope}>
      <main class={page.page}>
        <Show when={scope.state() !== "unknown"} fallback={<UnknownJob id={props.id} />}>
          <Show when={scope.state() === "ready"} fallback={<JobSkeleton />}>
            <JobActionsProvider>
              <JobHeader />
              <TabBar label="Parts of the job" tabs={tabs()} current={tab()} />
              {/* The inspector's time slider says so itself. */}
              <Show when={tab() !== "inspector"}>
                <PointBar />
              </Show>
              <div class={styles.tab}>
                <Suspense>
                  <Switch>
                    <Match when={tab() === "overview"}>
                      <OverviewTab />
                    </Match>
                    <Match when={tab() === "inspector"}>
                      <InspectorTab />
                    </Match>
                    <Match when={tab() === "diff"}>
                      <DiffTab />
                    </Match>
                    <Match when={tab() === "logs"}>
                      <LogsTab />
                    </Match>
                    <Match when={tab() === "history"}>
                      <HistoryTab />
                    </Match>
                  </Switch>
                </Suspense>
              </div>
            </JobActionsProvider>
          </Show>
        </Show>
      </main>
    </JobContext.Provider>
  );
}

function UnknownJob(props: { id: string }) {
  return (
    <Empty
      isPage
      title={`There is no job ${props.id}`}
      action={
        <Link class={page.link} to="/">
          All jobs
        </Link>
      }
    >
      Nothing by that name is in this dashboard's database. It may be in another one (<code>ORCHESTRATOR_DB_PATH</code>
      ), or was removed with <code>orch clean</code>.
    </Empty>
  );
}
