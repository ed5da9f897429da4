/** Above the diff: whose it is, how large it is, the conflicts, and how it is shown. */

import { For, Show } from "solid-js";
import { Button, IconButton } from "../design/button.tsx";
import { useJob } from "../job/job-context.ts";
import { setQuery } from "../routing/router.ts";
import { count, many, shortCommit } from "../words/format.ts";
import type { Conflicts } from "./conflict/conflicts.ts";
import styles from "./diff-bar.module.css";
import type { DiffSource } from "./diff-source.ts";
import { LineCounts } from "./file-marks.tsx";
import { setWantedStyle, wantedStyle } from "./preferences.ts";

export function DiffBar(props: {
  source: DiffSource;
  conflicts: Conflicts;
  of: string;
  viewedCount: number;
  canSplit: boolean;
  isNarrow: boolean;
  areFilesOpen: boolean;
  setFilesOpen: (areOpen: boolean) => void;
  toChange: (step: 1 | -1) => void;
}) {
  const scope = useJob();
  const choose = (of: string) => {
    setQuery("conflict", null);
    setQuery("of", of === "result" ? null : of);
  };
  const view = () => props.source.view();
  return (
    <div class={styles.bar}>
      <select
        class={`input ${styles.of}`}
        aria-label="Whose changes are shown"
        value={props.of}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="result" selected={props.of === "result"}>
          Result of the job
        </option>
        <optgroup label="Subtasks">
          <For each={scope.now.subtasks}>
            {(subtask) => (
              <option value={subtask.id} selected={props.of === subtask.id}>
                {subtask.id} · {subtask.title}
              </option>
            )}
          </For>
        </optgroup>
      </select>
      <Show when={view()?.to ? view() : null}>
        {(shown) => (
          <span class={styles.stat}>
            <Show when={props.isNarrow} fallback={<span>{many(shown().stat.files, "file")}</span>}>
              <Button
                size="sm"
                kind="quiet"
                icon="file"
                aria-expanded={props.areFilesOpen}
                onClick={() => props.setFilesOpen(!props.areFilesOpen)}
              >
                {many(shown().stat.files, "file")}
              </Button>
            </Show>
            <LineCounts insertions={shown().stat.insertions} deletions={shown().stat.deletions} />
            <Show when={!props.isNarrow}>
              <code class={styles.commits} title={`From ${shown().from} to ${shown().to}`}>
                {shortCommit(shown().from ?? "")}…{shortCommit(shown().to ?? "")}
              </code>
              <Show when={props.viewedCount > 0}>
                <span class={styles.viewed}>
                  {count(props.viewedCount)} of {count(shown().files.length)} viewed
                </span>
              </Show>
            </Show>
            <Show when={!shown().isFinal}>
              <span class={styles.growing} title="The work goes on: this is what is kept of it so far">
                not final
              </span>
            </Show>
          </span>
        )}
      </Show>
      <Show when={scope.at() !== null}>
        <span class={styles.growing} title="A diff is always of now: the commits of the past are not all kept">
          as it is now
        </span>
      </Show>
      <span class={styles.tools}>
        <Show when={props.conflicts.own().length > 0}>
          <Button
            size="sm"
            icon="warning"
            aria-pressed={props.conflicts.current() !== undefined}
            onClick={() =>
              setQuery("conflict", props.conflicts.current() ? null : String(props.conflicts.own()[0]?.id ?? ""))
            }
          >
            {props.conflicts.current() ? "Back to the diff" : many(props.conflicts.own().length, "conflict")}
          </Button>
        </Show>
        <Show when={!props.conflicts.current() && (view()?.files.length ?? 0) > 0}>
          <span class={styles.pair}>
            <IconButton icon="chevronUp" label="Previous change (p)" size="sm" onClick={() => props.toChange(-1)} />
            <IconButton icon="chevronDown" label="Next change (n)" size="sm" onClick={() => props.toChange(1)} />
          </span>
          <Show when={props.canSplit}>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has a form's look and no form is here */}
            <span class={styles.choice} role="group" aria-label="How changes are shown">
              <For each={["unified", "split"] as const}>
                {(style) => (
                  <button type="button" aria-pressed={wantedStyle() === style} onClick={() => setWantedStyle(style)}>
                    {style === "split" ? "Split" : "Unified"}
                  </button>
                )}
              </For>
            </span>
          </Show>
        </Show>
      </span>
    </div>
  );
}
