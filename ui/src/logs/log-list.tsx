/** The logs beside the one that is read: the job's own, then those of each subtask. */

import { createMemo, Show } from "solid-js";
import type { LogSource } from "../../../src/core/protocol/logs.ts";
import { Icon, type IconName } from "../design/icons.tsx";
import { StateMark } from "../design/state-mark.tsx";
import { useJob } from "../job/job-context.ts";
import { LongList, type LongListHandle } from "../long-list/long-list.tsx";
import { visibleText } from "../text/unusual.ts";
import { bytes } from "./bytes.ts";
import { type LogGroup, namesOf } from "./log-groups.ts";
import styles from "./log-list.module.css";

const ICONS: Readonly<Record<LogSource["kind"], IconName>> = {
  job: "file",
  planner: "branch",
  "repo-commands": "terminal",
  commands: "terminal",
  turn: "message",
};

type Row =
  | { readonly kind: "group"; readonly subtaskId: string | null }
  | { readonly kind: "log"; readonly log: LogSource; readonly name: string };

export function LogList(props: { groups: readonly LogGroup[]; current: string; pick: (id: string) => void }) {
  const scope = useJob();
  const rows = createMemo(() =>
    props.groups.flatMap(({ subtaskId, logs }): Row[] => {
      const names = namesOf(logs);
      return [
        { kind: "group", subtaskId },
        ...logs.map((log, index): Row => ({ kind: "log", log, name: names[index] ?? log.title })),
      ];
    }),
  );
  const subtaskOf = (id: string) => scope.now.subtasks.find((subtask) => subtask.id === id);
  let isShown = false;
  const ready = (handle: LongListHandle) => {
    queueMicrotask(() => {
      const here = rows().findIndex((row) => row.kind === "log" && row.log.id === props.current);
      if (!isShown && here > 8) handle.scrollTo(here, "center");
      isShown = true;
    });
  };
  return (
    <LongList
      class={styles.list}
      label="Logs of the job"
      count={rows().length}
      estimate={(index) => (rows()[index]?.kind === "group" ? 34 : 30)}
      keyOf={(index) => {
        const row = rows()[index];
        return row?.kind === "log" ? row.log.id : `group ${row?.subtaskId}`;
      }}
      ready={ready}
      row={(index) => (
        <Show when={rows()[index]}>
          {(row) => (
            <Show
              when={logOf(row())}
              fallback={
                <h3 class={styles.group} title={row().kind === "group" ? titleOf(row(), subtaskOf) : undefined}>
                  <Show when={subtaskIdOf(row())} fallback="The job">
                    {(id) => (
                      <>
                        <Show when={subtaskOf(id())}>
                          {(subtask) => <StateMark state={subtask().status} size={12} />}
                        </Show>
                        <span class="clip">{titleOf(row(), subtaskOf)}</span>
                      </>
                    )}
                  </Show>
                </h3>
              }
            >
              {(found) => (
                <button
                  type="button"
                  class={styles.log}
                  aria-current={found().log.id === props.current ? "true" : undefined}
                  onClick={() => props.pick(found().log.id)}
                >
                  <Icon name={ICONS[found().log.kind]} size={14} class={styles.icon} />
                  <span class={`${styles.name} clip`}>{visibleText(found().name)}</span>
                  <span class={`${styles.size} num`}>{bytes(found().log.bytes)}</span>
                </button>
              )}
            </Show>
          )}
        </Show>
      )}
    />
  );
}

const logOf = (row: Row) => (row.kind === "log" ? row : undefined);
const subtaskIdOf = (row: Row) => (row.kind === "group" ? row.subtaskId : null);

function titleOf(row: Row, subtaskOf: (id: string) => { readonly title: string } | undefined): string {
  const id = subtaskIdOf(row);
  return id === null ? "The job" : visibleText(subtaskOf(id)?.title ?? id);
}
