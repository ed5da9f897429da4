/** What a subtask or the whole job changed, by file, and the conflicts that it met. */

import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { toErrorView } from "../api/api-error.ts";
import { Button } from "../design/button.tsx";
import { Empty } from "../design/empty.tsx";
import { ErrorWords } from "../design/error-words.tsx";
import { useJob } from "../job/job-context.ts";
import { fillWindow } from "../long-list/fill.ts";
import { createWidth } from "../long-list/width.ts";
import { query, setQuery } from "../routing/router.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { ConflictPane } from "./conflict/conflict-pane.tsx";
import { createConflicts } from "./conflict/conflicts.ts";
import { DiffBar } from "./diff-bar.tsx";
import { DiffList, type DiffListHandle } from "./diff-list.tsx";
import { createDiffSource } from "./diff-source.ts";
import styles from "./diff-tab.module.css";
import { FileList } from "./file-list.tsx";
import { filterFiles } from "./file-tree.ts";
import { keepViewed, setWantedStyle, viewedFiles, wantedStyle } from "./preferences.ts";

/** Pixels below which two sides do not stand beside each other. */
const SPLIT_WIDTH = 1000;
/** Pixels below which the files do not stand beside the diff. */
const FILES_WIDTH = 760;
/** The work goes on: what is shown is asked for again, at most this often. */
const REFRESH_MS = 1500;

export function DiffTab() {
  const scope = useJob();
  const of = createMemo(() => query("of") ?? "result");
  const source = createDiffSource(scope.id, of);
  const conflicts = createConflicts(scope.id, of);
  const [filter, setFilter] = createSignal("");
  const [current, setCurrent] = createSignal<ChangedFile>();
  const [areFilesOpen, setFilesOpen] = createSignal(false);
  let pane!: HTMLDivElement;
  fillWindow(() => pane);
  const width = createWidth(() => pane);
  const isNarrow = () => width() < FILES_WIDTH;
  const style = () => (width() < SPLIT_WIDTH ? "unified" : wantedStyle());

  const files = createMemo(() => filterFiles(source.files(), filter()));
  const key = () => `${scope.id} ${of()} ${source.view()?.to ?? ""}`;
  const [viewed, setViewedPaths] = createSignal<ReadonlySet<string>>(new Set<string>());
  createEffect(on(key, (name) => setViewedPaths(viewedFiles(name))));
  const setViewed = (file: ChangedFile, isViewed: boolean) => {
    const next = new Set(viewed());
    if (isViewed) next.add(file.path);
    else next.delete(file.path);
    setViewedPaths(next);
    keepViewed(key(), next);
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  createEffect(
    on(
      scope.last,
      () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          if (source.view()?.isFinal !== true) source.refresh();
          conflicts.refresh();
        }, REFRESH_MS);
      },
      { defer: true },
    ),
  );

  const [list, setList] = createSignal<DiffListHandle>();
  useShortcuts("Diff", [
    { keys: "n", does: "Next change", act: () => list()?.toChange(1) },
    { keys: "p", does: "Previous change", act: () => list()?.toChange(-1) },
    { keys: "]", does: "Next file", act: () => list()?.toNextFile(1) },
    { keys: "[", does: "Previous file", act: () => list()?.toNextFile(-1) },
    {
      keys: "v",
      does: "Mark the file as viewed, go to the next",
      act: () => {
        const file = current();
        if (!file) return;
        setViewed(file, !viewed().has(file.path));
        list()?.toNextFile(1);
      },
    },
    { keys: "u", does: "Unified or split", act: () => setWantedStyle(wantedStyle() === "split" ? "unified" : "split") },
  ]);
  const pick = (file: ChangedFile) => {
    setFilesOpen(false);
    setQuery("conflict", null);
    queueMicrotask(() => list()?.toFile(file));
  };

  const fileList = () => (
    <FileList
      files={files()}
      filter={filter()}
      setFilter={setFilter}
      current={conflicts.current() ? undefined : current()}
      viewed={viewed()}
      pick={pick}
    />
  );

  return (
    <div class={styles.pane} ref={pane}>
      <h2 class="only-spoken">Diff</h2>
      <DiffBar
        source={source}
        conflicts={conflicts}
        of={of()}
        viewedCount={source.files().filter(({ path }) => viewed().has(path)).length}
        canSplit={width() >= SPLIT_WIDTH}
        isNarrow={isNarrow()}
        areFilesOpen={areFilesOpen()}
        setFilesOpen={setFilesOpen}
        toChange={(step) => list()?.toChange(step)}
      />
      <div class={styles.body} data-narrow={isNarrow() || undefined}>
        <Show when={!isNarrow() && source.files().length > 0}>
          <aside class={styles.side} aria-label="Files">
            {fileList()}
          </aside>
        </Show>
        <Show when={isNarrow() && areFilesOpen()}>
          <aside class={styles.drawer} aria-label="Files">
            {fileList()}
          </aside>
        </Show>
        <div class={styles.main}>
          <Show
            when={!conflicts.current()}
            fallback={<ConflictPane conflicts={conflicts} isNarrow={width() < SPLIT_WIDTH} />}
          >
            <Show
              when={source.error() === null}
              fallback={
                <div class={styles.message}>
                  <ErrorWords error={toErrorView(source.error())} />
                  <Button icon="retry" onClick={source.refresh}>
                    Ask again
                  </Button>
                </div>
              }
            >
              <Show
                when={source.view()}
                fallback={
                  <p class={styles.message} role="status">
                    Loading the diff …
                  </p>
                }
              >
                {(view) => (
                  <Show when={view().files.length > 0} fallback={<NothingYet of={of()} isFinal={view().isFinal} />}>
                    <Show
                      when={files().length > 0}
                      fallback={<p class={styles.message}>No file matches the filter.</p>}
                    >
                      {/* Another diff is another list: nothing of the first may stay. */}
                      <Show when={key()} keyed>
                        <DiffList
                          source={source}
                          files={files()}
                          style={style()}
                          viewed={viewed()}
                          setViewed={setViewed}
                          setCurrent={setCurrent}
                          ready={setList}
                        />
                      </Show>
                    </Show>
                  </Show>
                )}
              </Show>
            </Show>
          </Show>
        </div>
      </div>
    </div>
  );
}

function NothingYet(props: { of: string; isFinal: boolean }) {
  return (
    <div class={styles.message}>
      <Empty title={props.isFinal ? "Nothing was changed" : "There is nothing to show yet"}>
        {props.isFinal
          ? "What it leads to is what it started from."
          : props.of === "result"
            ? "The subtasks' work appears here as soon as it is merged. Each subtask has a diff of its own before that."
            : "What the agent changes appears here after its first turn, when it is kept as a commit."}
      </Empty>
    </div>
  );
}
