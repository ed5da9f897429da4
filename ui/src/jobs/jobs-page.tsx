/** All jobs: what runs, what waits for the user, what came out. */

import { createMemo, createResource, createSignal, Show } from "solid-js";
import { toErrorView } from "../api/api-error.ts";
import { getSession } from "../api/jobs.ts";
import { Button } from "../design/button.tsx";
import { Empty } from "../design/empty.tsx";
import { ErrorWords } from "../design/error-words.tsx";
import { Keys } from "../design/keys.tsx";
import { createJobsList } from "../live/jobs-list.ts";
import { useLive } from "../live/live.tsx";
import { query, setQuery } from "../routing/router.ts";
import page from "../shell/page.module.css";
import { useShortcuts } from "../shell/shortcuts.ts";
import { FirstJob } from "./first-job.tsx";
import { JobFilters } from "./job-filters.tsx";
import { JobList } from "./job-list.tsx";
import styles from "./jobs-page.module.css";
import { StartDialog } from "./start-dialog.tsx";

export function JobsPage() {
  const live = useLive();
  const [session, { refetch }] = createResource(getSession);
  const [isStarting, setStarting] = createSignal(false);
  const filter = createMemo(() => ({
    text: query("q") ?? "",
    state: query("state") ?? "",
    repository: query("repository") ?? "",
  }));
  const list = createJobsList(live, filter);
  const isFiltered = () => Object.values(filter()).some((part) => part !== "");
  const isEmpty = () => !list.isLoading() && list.jobs().length === 0 && list.error() === null;
  const start = () => {
    void refetch();
    setStarting(true);
  };
  let search!: HTMLInputElement;
  useShortcuts("Jobs", [
    { keys: "c", does: "Start a job", act: start },
    { keys: "/", does: "Search", act: () => search.focus() },
  ]);

  return (
    <main class={page.page}>
      <div class={styles.head}>
        <h1 class={styles.title}>Jobs</h1>
        <Button kind="primary" icon="plus" onClick={start} aria-keyshortcuts="c">
          New job
        </Button>
      </div>
      <Show when={!isEmpty() || isFiltered()} fallback={<FirstJob start={start} />}>
        <JobFilters
          filter={filter()}
          repositories={session.latest?.repositories ?? []}
          search={(element) => (search = element)}
        />
        <Show when={list.error()}>
          {(error) => (
            <div class={styles.error} role="alert">
              <ErrorWords error={toErrorView(error())} />
            </div>
          )}
        </Show>
        <Show
          when={!isEmpty()}
          fallback={
            <Empty
              title="No job matches"
              action={
                <Button onClick={() => (["q", "state", "repository"] as const).map((name) => setQuery(name, null))}>
                  Clear the filters
                </Button>
              }
            >
              Looked for in id, task, repository and branch.
            </Empty>
          }
        >
          <JobList list={list} />
        </Show>
      </Show>
      <p class={styles.hint}>
        <Keys keys="?" /> shows the keys
      </p>
      <Show when={isStarting()}>
        <StartDialog session={session.latest} close={() => setStarting(false)} />
      </Show>
    </main>
  );
}
