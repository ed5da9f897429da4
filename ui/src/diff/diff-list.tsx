/** All changed files one below the other, in one long list; keys lead from change to change. */

import { batch, createEffect, createMemo, createSignal, Match, on, Show, Switch, untrack } from "solid-js";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { LongList, type LongListHandle } from "../long-list/long-list.tsx";
import { SplitLine, UnifiedLine } from "./diff-line.tsx";
import styles from "./diff-list.module.css";
import type { DiffSource } from "./diff-source.ts";
import { FileHead } from "./file-head.tsx";
import { FoldRow, NoteRow } from "./fold-row.tsx";
import { fileAt, type Item, isLarge, itemsOfFile, keyOf, LARGE, placesOf, plainNote, styleOf } from "./layout.ts";
import type { Style } from "./rows.ts";

export interface DiffListHandle {
  readonly toFile: (file: ChangedFile) => void;
  readonly toChange: (step: 1 | -1) => void;
  readonly toNextFile: (step: 1 | -1) => void;
}

const HEAD = 40;
const LINE = 20;

export function DiffList(props: {
  source: DiffSource;
  files: readonly ChangedFile[];
  style: Style;
  viewed: ReadonlySet<string>;
  setViewed: (file: ChangedFile, isViewed: boolean) => void;
  setCurrent: (file: ChangedFile | undefined) => void;
  ready: (handle: DiffListHandle) => void;
}) {
  // Closed or open against what "viewed" says, by path.
  const [toggled, setToggled] = createSignal<ReadonlyMap<string, boolean>>(new Map());
  const isClosed = (file: ChangedFile) => toggled().get(file.path) ?? props.viewed.has(file.path);
  const close = (file: ChangedFile, closed: boolean) => setToggled(new Map(toggled()).set(file.path, closed));
  const setViewed = (file: ChangedFile, isViewed: boolean) =>
    batch(() => {
      props.setViewed(file, isViewed);
      close(file, isViewed);
    });

  const perFile = createMemo(() =>
    props.files.map((file) =>
      createMemo(() => itemsOfFile(file, props.source.stateOf(file), props.style, isClosed(file))),
    ),
  );
  const places = createMemo(() => placesOf(perFile().map((items) => items().length)));
  const at = (index: number): { file: ChangedFile; item: Item } | undefined => {
    const number = fileAt(places(), index);
    const item = perFile()[number]?.()[index - (places().starts[number] ?? 0)];
    const file = props.files[number];
    return item && file ? { file, item } : undefined;
  };

  const estimate = (index: number): number => {
    const found = at(index);
    if (!found || found.item.kind === "row") return LINE;
    if (found.item.kind === "file") return HEAD;
    if (found.item.kind === "fold") return 28;
    // A file that is on its way is about as high as it has changed lines, with some around them.
    const { insertions, deletions } = found.file;
    return found.item.note === "loading" ? Math.min(LARGE, (insertions ?? 0) + (deletions ?? 0) + 8) * LINE : 52;
  };

  let list: LongListHandle | undefined;
  const [isReady, setReady] = createSignal(false);
  const [current, setCurrent] = createSignal<number | null>(null);
  const firstFile = createMemo(() => {
    if (!isReady() || !list) return 0;
    return fileAt(places(), list.first());
  });
  createEffect(() => props.setCurrent(props.files[firstFile()]));

  const wants = (file: ChangedFile) => !isClosed(file) && plainNote(file) === null && !isLarge(file);
  const seen = (from: number, to: number) => {
    for (let number = fileAt(places(), from); number <= fileAt(places(), Math.max(from, to - 1)); number += 1) {
      const file = props.files[number];
      if (file && untrack(() => wants(file))) void untrack(() => props.source.load(file));
    }
  };

  // What is loaded or opened above the reader's row must not move that row.
  let anchor: { key: string; path: string; shift: number } | undefined;
  const remember = () => {
    if (!list) return;
    const index = list.first();
    const found = at(index);
    const start = list.startOfSeen(index);
    if (found && start !== undefined)
      anchor = { key: keyOf(found.item), path: found.file.path, shift: list.offset() - start };
  };
  createEffect(
    on(
      places,
      (now, before) => {
        const held = list;
        if (!before || !held || !anchor || held.offset() < HEAD) return;
        const number = props.files.findIndex(({ path }) => path === anchor?.path);
        const inFile =
          perFile()
            [number]?.()
            .findIndex((item) => keyOf(item) === anchor?.key) ?? -1;
        if (inFile === -1) return;
        const top = held.startOf((now.starts[number] ?? 0) + inFile) + anchor.shift;
        if (Math.abs(top - held.offset()) > 1) held.element.scrollTop = top;
      },
      { defer: true },
    ),
  );
  createEffect(() => {
    if (!isReady() || !list) return;
    list.offset();
    untrack(remember);
  });

  const start = (number: number) => places().starts[number] ?? 0;
  const toIndex = (index: number, align: "start" | "center") => {
    setCurrent(index);
    list?.scrollTo(index, align);
  };
  const toFile = (file: ChangedFile) => {
    const number = props.files.indexOf(file);
    if (number === -1) return;
    setCurrent(null);
    list?.scrollTo(start(number), "start");
  };
  const changesOf = (number: number): number[] =>
    (perFile()[number]?.() ?? []).flatMap((item, index) =>
      item.kind === "row" && item.beginsChange ? [start(number) + index] : [],
    );
  const toChange = async (step: 1 | -1) => {
    if (!list) return;
    const [top, bottom] = [list.first(), list.last()];
    const marked = current();
    const isMarkedSeen = marked !== null && marked >= top && marked <= bottom;
    const from = isMarkedSeen ? marked : step === 1 ? top - 1 : bottom + 1;
    for (let number = fileAt(places(), Math.max(0, from)); number >= 0 && number < props.files.length; number += step) {
      const file = props.files[number] as ChangedFile;
      if (wants(file)) await props.source.load(file);
      const found = changesOf(number);
      const next = step === 1 ? found.find((index) => index > from) : found.findLast((index) => index < from);
      if (next !== undefined) return toIndex(next, "center");
      // A file without lines is a change too: its head is gone to.
      const head = start(number);
      if (found.length === 0 && (step === 1 ? head > from : head < from)) return toIndex(head, "start");
    }
  };
  const toNextFile = (step: 1 | -1) => {
    const here = firstFile();
    const isAtHead = list !== undefined && Math.abs(list.offset() - list.startOf(start(here))) < 2;
    const file = props.files[step === 1 || isAtHead ? here + step : here];
    if (file) toFile(file);
  };
  props.ready({ toFile, toChange: (step) => void toChange(step), toNextFile });

  const head = (file: ChangedFile, isSticky = false) => (
    <FileHead
      file={file}
      isSticky={isSticky}
      isClosed={isClosed(file)}
      isViewed={props.viewed.has(file.path)}
      toggle={() => {
        close(file, !isClosed(file));
        if (isSticky) toFile(file);
      }}
      setViewed={(isViewed) => {
        setViewed(file, isViewed);
        if (isSticky) toFile(file);
      }}
    />
  );
  /** How far the head at the upper edge is pushed out by the next one. */
  const push = () => {
    if (!isReady() || !list || firstFile() + 1 >= props.files.length) return 0;
    const next = list.startOfSeen(start(firstFile() + 1));
    return next === undefined ? 0 : Math.min(0, next - list.offset() - HEAD);
  };

  return (
    <LongList
      class={styles.list}
      label="Changes"
      count={places().count}
      estimate={estimate}
      keyOf={(index) => {
        const found = at(index);
        return found ? `${found.file.index} ${keyOf(found.item)}` : index;
      }}
      seen={seen}
      ready={(handle) => {
        list = handle;
        setReady(true);
      }}
      sticky={
        <Show when={isReady() && (list?.offset() ?? 0) > 0 && props.files[firstFile()]} keyed>
          {(file) => (
            <div class={styles.sticky}>
              <div style={{ transform: `translateY(${push()}px)` }}>{head(file, true)}</div>
            </div>
          )}
        </Show>
      }
      row={(index) => (
        <Show when={at(index)}>
          {(found) => (
            <Switch>
              <Match when={found().item.kind === "file"}>{head(found().file)}</Match>
              <Match when={rowOf(found().item)}>
                {(row) => (
                  <Show
                    when={styleOf(found().file, props.style) === "split"}
                    fallback={
                      <UnifiedLine
                        file={found().file}
                        source={props.source}
                        row={row()}
                        isCurrent={current() === index}
                      />
                    }
                  >
                    <SplitLine file={found().file} source={props.source} row={row()} isCurrent={current() === index} />
                  </Show>
                )}
              </Match>
              <Match when={foldOf(found().item)}>
                {(fold) => (
                  <FoldRow
                    fold={fold()}
                    opened={props.source.stateOf(found().file).opened.get(fold().key) ?? { head: 0, tail: 0 }}
                    open={(opened) => props.source.open(found().file, fold().key, opened, fold().isLoaded)}
                  />
                )}
              </Match>
              <Match when={noteOf(found().item)}>
                {(note) => (
                  <NoteRow
                    note={note()}
                    lines={(found().file.insertions ?? 0) + (found().file.deletions ?? 0)}
                    error={props.source.errorOf(found().file)}
                    load={() => void props.source.load(found().file)}
                  />
                )}
              </Match>
            </Switch>
          )}
        </Show>
      )}
    />
  );
}

const rowOf = (item: Item) => (item.kind === "row" ? item.row : undefined);
const foldOf = (item: Item) => (item.kind === "fold" ? item.fold : undefined);
const noteOf = (item: Item) => (item.kind === "note" ? item.note : undefined);
