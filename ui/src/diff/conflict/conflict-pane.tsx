/** A conflict: what it was about, its files with both sides, and what became of each. */

import { createResource, createSignal, For, Match, Show, Switch } from "solid-js";
import type { ConflictView } from "../../../../src/core/protocol/diffs.ts";
import { toErrorView } from "../../api/api-error.ts";
import { StateBadge } from "../../design/badge.tsx";
import { ErrorWords } from "../../design/error-words.tsx";
import { useJob } from "../../job/job-context.ts";
import { setQuery } from "../../routing/router.ts";
import { visibleText } from "../../text/unusual.ts";
import { fullTime, many, shortCommit } from "../../words/format.ts";
import { ConflictFileView } from "./conflict-file.tsx";
import styles from "./conflict-pane.module.css";
import type { Conflicts } from "./conflicts.ts";

const STATES = {
  open: { state: "running", label: "being resolved" },
  resolved: { state: "done", label: "resolved" },
  unresolved: { state: "failed", label: "not resolved" },
} as const;

export function ConflictPane(props: { conflicts: Conflicts; isNarrow: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class={styles.pane} aria-label="Conflict" tabIndex={0}>
      <Show when={props.conflicts.own().length > 1}>
        <nav class={styles.list} aria-label="Conflicts">
          <For each={props.conflicts.own()}>
            {(conflict) => (
              <button
                type="button"
                class={styles.choice}
                aria-current={conflict.id === props.conflicts.current()?.id ? "true" : undefined}
                onClick={() => setQuery("conflict", String(conflict.id))}
              >
                {conflict.subtaskId} into {conflict.into ?? "the result"}
              </button>
            )}
          </For>
        </nav>
      </Show>
      <Show when={props.conflicts.current()?.id} keyed>
        {(_id) => (
          <One
            conflict={props.conflicts.current() as ConflictView}
            conflicts={props.conflicts}
            isNarrow={props.isNarrow}
          />
        )}
      </Show>
    </section>
  );
}

function One(props: { conflict: ConflictView; conflicts: Conflicts; isNarrow: boolean }) {
  const scope = useJob();
  const [index, setIndex] = createSignal(0);
  const [file] = createResource(
    // Asked again once it is resolved.
    () => ({ index: index(), state: props.conflict.state }),
    (wanted) => props.conflicts.file(props.conflict, wanted.index),
  );
  const titleOf = (id: string | null) =>
    id === null ? "the result" : (scope.now.subtasks.find((subtask) => subtask.id === id)?.title ?? id);
  return (
    <>
      <header class={styles.head}>
        <h2 class={styles.title}>
          <span>
            “{titleOf(props.conflict.subtaskId)}” met{" "}
            {props.conflict.into === null ? "the result" : `“${titleOf(props.conflict.into)}”`}
          </span>
          <StateBadge {...STATES[props.conflict.state]} />
        </h2>
        <p class={styles.facts}>
          {fullTime(props.conflict.at)} · {many(props.conflict.files.length, "file")}
          <Show when={props.conflict.commit}>
            {(commit) => (
              <>
                {" "}
                · resolved by <code>{shortCommit(commit())}</code>
              </>
            )}
          </Show>
        </p>
        <Show when={props.conflict.problems.length > 0}>
          <details class={styles.problems} open={props.conflict.state !== "resolved"}>
            <summary>
              Sent back {props.conflict.problems.length === 1 ? "once" : `${props.conflict.problems.length} times`}
            </summary>
            <ul>
              <For each={props.conflict.problems}>{(problem) => <li class="words">{visibleText(problem)}</li>}</For>
            </ul>
          </details>
        </Show>
      </header>
      <Show when={props.conflict.files.length > 1}>
        <nav class={styles.list} aria-label="Files of the conflict">
          <For each={props.conflict.files}>
            {(path, place) => (
              <button
                type="button"
                class={`${styles.choice} mono`}
                aria-current={place() === index() ? "true" : undefined}
                onClick={() => setIndex(place())}
              >
                {visibleText(path)}
              </button>
            )}
          </For>
        </nav>
      </Show>
      <Switch
        fallback={
          <p class={styles.message} role="status">
            Loading both sides …
          </p>
        }
      >
        <Match when={file.error}>
          <div class={styles.message}>
            <ErrorWords error={toErrorView(file.error)} />
          </div>
        </Match>
        <Match when={file.latest}>
          {(shown) => (
            <ConflictFileView
              file={shown()}
              descriptions={props.conflict.descriptions.filter((words) =>
                words.includes(props.conflict.files[index()] ?? ""),
              )}
              oursName={titleOf(props.conflict.into)}
              theirsName={titleOf(props.conflict.subtaskId)}
              isNarrow={props.isNarrow}
            />
          )}
        </Match>
      </Switch>
    </>
  );
}
