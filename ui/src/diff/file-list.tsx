/** The changed files beside the diff: a tree with counts, and a filter. */

import { createMemo, createSignal, Show } from "solid-js";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { Icon } from "../design/icons.tsx";
import { LongList, type LongListHandle } from "../long-list/long-list.tsx";
import { visibleText } from "../text/unusual.ts";
import { many } from "../words/format.ts";
import styles from "./file-list.module.css";
import { FileSign, LineCounts } from "./file-marks.tsx";
import { type FileNode, type FolderNode, rowsOfTree, treeOf } from "./file-tree.ts";

const ROW = 28;

export function FileList(props: {
  files: readonly ChangedFile[];
  filter: string;
  setFilter: (filter: string) => void;
  current: ChangedFile | undefined;
  viewed: ReadonlySet<string>;
  pick: (file: ChangedFile) => void;
}) {
  const [closed, setClosed] = createSignal<ReadonlySet<string>>(new Set<string>());
  const rows = createMemo(() => rowsOfTree(treeOf(props.files), closed()));
  const toggle = (path: string) => {
    const next = new Set(closed());
    if (!next.delete(path)) next.add(path);
    setClosed(next);
  };
  let list: LongListHandle | undefined;
  // Up and down go through the rows, whether they are in the page yet or not.
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (step === undefined || !here || !list) return;
    const next = Number(here.dataset.index) + step;
    if (next < 0 || next >= rows().length) return;
    event.preventDefault();
    list.scrollTo(next, "auto");
    requestAnimationFrame(() =>
      list?.element.querySelector<HTMLElement>(`[data-index="${next}"] button`)?.focus({ preventScroll: true }),
    );
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between the buttons inside
    <div class={styles.files} onKeyDown={move}>
      <div class={styles.filter}>
        <Icon name="filter" size={14} class={styles.icon} />
        <input
          type="search"
          class={`input ${styles.input}`}
          placeholder="Filter files"
          aria-label="Filter files by their path"
          value={props.filter}
          onInput={(event) => props.setFilter(event.currentTarget.value)}
        />
      </div>
      <LongList
        class={styles.list}
        label="Changed files"
        count={rows().length}
        estimate={() => ROW}
        keyOf={(index) => keyOf(rows()[index]?.node)}
        ready={(handle) => {
          list = handle;
        }}
        row={(index) => (
          <Show when={rows()[index]}>
            {(row) => (
              <Show
                when={row().node.kind === "file"}
                fallback={
                  <FolderRow
                    node={row().node as FolderNode}
                    depth={row().depth}
                    isClosed={closed().has((row().node as FolderNode).path)}
                    toggle={toggle}
                  />
                }
              >
                <FileRow
                  node={row().node as FileNode}
                  depth={row().depth}
                  isCurrent={(row().node as FileNode).file === props.current}
                  isViewed={props.viewed.has((row().node as FileNode).file.path)}
                  pick={props.pick}
                />
              </Show>
            )}
          </Show>
        )}
      />
      <Show when={props.filter !== ""}>
        <p class={styles.found} role="status">
          {props.files.length === 0 ? "No file matches" : many(props.files.length, "file")}
        </p>
      </Show>
    </div>
  );
}

const keyOf = (node: FileNode | FolderNode | undefined): string =>
  node === undefined ? "" : node.kind === "file" ? `f${node.file.index}` : `d${node.path}`;

function FolderRow(props: { node: FolderNode; depth: number; isClosed: boolean; toggle: (path: string) => void }) {
  return (
    <button
      type="button"
      class={styles.row}
      style={{ "--depth": props.depth }}
      aria-expanded={!props.isClosed}
      onClick={() => props.toggle(props.node.path)}
    >
      <Icon name={props.isClosed ? "chevronRight" : "chevronDown"} size={14} class={styles.icon} />
      <span class={`${styles.name} ${styles.folder}`} title={visibleText(props.node.path)}>
        {visibleText(props.node.name)}
      </span>
    </button>
  );
}

function FileRow(props: {
  node: FileNode;
  depth: number;
  isCurrent: boolean;
  isViewed: boolean;
  pick: (file: ChangedFile) => void;
}) {
  return (
    <button
      type="button"
      class={styles.row}
      style={{ "--depth": props.depth }}
      aria-current={props.isCurrent ? "true" : undefined}
      data-viewed={props.isViewed || undefined}
      onClick={() => props.pick(props.node.file)}
    >
      <FileSign status={props.node.file.status} />
      <span class={styles.name} title={visibleText(props.node.file.path)}>
        {visibleText(props.node.name)}
      </span>
      <Show when={props.isViewed}>
        <Icon name="check" size={12} class={styles.icon} />
        <span class="only-spoken">viewed</span>
      </Show>
      <LineCounts insertions={props.node.file.insertions} deletions={props.node.file.deletions} />
    </button>
  );
}
