/** What the job, its planner, its commands and its agents said. */

import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from "solid-js";
import type { LogSource } from "../../../src/core/protocol/logs.ts";
import { toErrorView } from "../api/api-error.ts";
import { listLogs } from "../api/logs.ts";
import { Button } from "../design/button.tsx";
import { Empty } from "../design/empty.tsx";
import { ErrorWords } from "../design/error-words.tsx";
import { useJob } from "../job/job-context.ts";
import { fillWindow } from "../long-list/fill.ts";
import { createWidth } from "../long-list/width.ts";
import { query, setQuery } from "../routing/router.ts";
import { groupLogs, namesOf } from "./log-groups.ts";
import { LogList } from "./log-list.tsx";
import { LogPane } from "./log-pane.tsx";
import styles from "./logs-tab.module.css";

/** Pixels below which the list does not stand beside the log. */
const LIST_WIDTH = 820;
/** The job goes on: new logs are looked for, at most this often. */
const REFRESH_MS = 2000;

export function LogsTab() {
  const scope = useJob();
  const [logs, setLogs] = createSignal<readonly LogSource[] | null>(null);
  const [error, setError] = createSignal<unknown>(null);
  const aborter = new AbortController();
  const refresh = async () => {
    try {
      setLogs((await listLogs(scope.id, aborter.signal)).logs);
      setError(null);
    } catch (cause) {
      if (!aborter.signal.aborted) setError(cause);
    }
  };
  void refresh();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => {
    clearTimeout(timer);
    aborter.abort();
  });
  createEffect(
    on(
      scope.last,
      () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          void refresh();
        }, REFRESH_MS);
      },
      { defer: true },
    ),
  );

  const order = createMemo(() => scope.now.subtasks.map(({ id }) => id));
  const groups = createMemo(() => groupLogs(logs() ?? [], order()));
  const current = createMemo(() => {
    const all = logs() ?? [];
    const of = query("of");
    const wanted = query("log");
    // `?of=<subtask>` alone: what its agent did last.
    return (
      all.find(({ id }) => id === wanted) ??
      (of === null ? undefined : all.findLast(({ subtaskId, kind }) => subtaskId === of && kind === "turn")) ??
      all[0]
    );
  });
  // Only another log is another pane: that a log has grown is its own business.
  const currentId = createMemo(() => current()?.id);
  const pick = (id: string) => {
    setQuery("line", null);
    setQuery("of", null);
    setQuery("log", id);
  };

  let pane!: HTMLDivElement;
  fillWindow(() => pane);
  const width = createWidth(() => pane);
  const isNarrow = () => width() < LIST_WIDTH;

  return (
    <div class={styles.pane} ref={pane} data-narrow={isNarrow() || undefined}>
      <h2 class="only-spoken">Logs</h2>
      <Show
        when={logs()}
        fallback={
          <Show
            when={error() !== null}
            fallback={
              <p class={styles.message} role="status">
                Loading the logs …
              </p>
            }
          >
            <div class={styles.message}>
              <ErrorWords error={toErrorView(error())} />
              <Button icon="retry" onClick={() => void refresh()}>
                Ask again
              </Button>
            </div>
          </Show>
        }
      >
        <Show
          when={current()}
          fallback={
            <div class={styles.empty}>
              <Empty title="There are no logs">
                They are written as soon as the job begins, and removed with <code>orch clean</code>.
              </Empty>
            </div>
          }
        >
          <Show
            when={!isNarrow()}
            fallback={
              <div class={styles.choice}>
                <select
                  class="input"
                  aria-label="Which log is shown"
                  value={currentId()}
                  onChange={(event) => pick(event.currentTarget.value)}
                >
                  <For each={groups()}>
                    {(group) => (
                      <optgroup label={group.subtaskId ?? "The job"}>
                        <For each={namesOf(group.logs)}>
                          {(name, index) => (
                            <option value={group.logs[index()]?.id} selected={group.logs[index()]?.id === currentId()}>
                              {group.subtaskId === null ? name : `${group.subtaskId}: ${name}`}
                            </option>
                          )}
                        </For>
                      </optgroup>
                    )}
                  </For>
                </select>
              </div>
            }
          >
            <aside class={styles.side} aria-label="Logs">
              <LogList groups={groups()} current={currentId() ?? ""} pick={pick} />
            </aside>
          </Show>
          <Show when={currentId()} keyed>
            {(_id) => <LogPane log={current() as LogSource} />}
          </Show>
        </Show>
      </Show>
    </div>
  );
}
