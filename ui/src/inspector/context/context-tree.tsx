/** JSON as a tree whose parts open and close; long texts are folded. */

import { createMemo, createSignal, For, Show } from "solid-js";
import type { JsonValue } from "../../../../src/core/protocol/common.ts";
import type { ContextChange } from "../../../../src/core/protocol/history.ts";
import { Icon } from "../../design/icons.tsx";
import { count } from "../../words/format.ts";
import styles from "./context.module.css";
import { inShort, type TreeRow, treeRows } from "./json-tree.ts";

const SHORT = 90;

export function ContextTree(props: { context: JsonValue; changes: readonly ContextChange[] }) {
  const [open, setOpen] = createSignal<ReadonlyMap<string, boolean>>(new Map());
  const [parts, setParts] = createSignal<ReadonlyMap<string, number>>(new Map());
  // Rows are told apart by path and content, so that a step of the slider redraws only those that differ.
  const rows = createMemo<readonly TreeRow[]>((before) => {
    const known = new Map(before.map((row) => [`${row.kind} ${row.path}`, row]));
    return treeRows(props.context, props.changes, open(), parts()).map((row) => {
      const same = known.get(`${row.kind} ${row.path}`);
      return same !== undefined && isSame(same, row) ? same : row;
    });
  }, []);
  const toggle = (row: TreeRow) => {
    if (row.kind === "more") setParts((all) => new Map(all).set(row.path, (all.get(row.path) ?? 1) + 1));
    else setOpen((all) => new Map(all).set(row.path, !(row.isOpen || all.get(row.path) === true)));
  };
  return (
    <div class={styles.tree}>
      <For each={rows()}>
        {(row) => <Row row={row} isUnfolded={open().get(row.path) === true} toggle={() => toggle(row)} />}
      </For>
    </div>
  );
}

function isSame(a: TreeRow, b: TreeRow): boolean {
  return (
    a.isOpen === b.isOpen &&
    a.change === b.change &&
    a.holdsChange === b.holdsChange &&
    a.size === b.size &&
    (a.value === b.value || (a.kind !== "text" && JSON.stringify(a.value) === JSON.stringify(b.value)))
  );
}

function Row(props: { row: TreeRow; isUnfolded: boolean; toggle: () => void }) {
  const row = () => props.row;
  const isLong = () => row().kind === "text" && String(row().value).length > SHORT;
  const canOpen = () => ["object", "array"].includes(row().kind) && row().size > 0;
  const classes = () =>
    `${styles.row} ${row().change === "added" ? styles.rowAdded : ""} ${row().change === "changed" ? styles.rowChanged : ""}`;
  const words = () => (
    <>
      <span class={`${styles.fold} ${row().isOpen || (isLong() && props.isUnfolded) ? styles.opened : ""}`}>
        <Show when={canOpen() || isLong()}>
          <Icon name="chevronRight" size={11} />
        </Show>
      </span>
      <span class={`${styles.name} ${row().holdsChange ? styles.holds : ""}`}>{row().name}:</span>
      <span class={`${styles.value} ${styles[row().kind]}`}>{inShort(row().value, SHORT)}</span>
    </>
  );
  return (
    <Show
      when={row().kind !== "more"}
      fallback={
        <button type="button" class={styles.row} style={{ "--depth": row().depth }} onClick={() => props.toggle()}>
          <span class={styles.fold} />
          <span class="faint">{count(row().size)} more…</span>
        </button>
      }
    >
      <Show
        when={canOpen() || isLong()}
        fallback={
          <div class={classes()} style={{ "--depth": row().depth }}>
            {words()}
          </div>
        }
      >
        <button
          type="button"
          class={classes()}
          style={{ "--depth": row().depth }}
          aria-expanded={row().isOpen || (isLong() && props.isUnfolded)}
          onClick={() => props.toggle()}
        >
          {words()}
        </button>
      </Show>
      <Show when={isLong() && props.isUnfolded}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <pre class={`${styles.full} words`} style={{ "--depth": row().depth }} tabIndex={0}>
          {String(row().value)}
        </pre>
      </Show>
    </Show>
  );
}
