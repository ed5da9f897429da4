/** The child machines of the job, to be searched and opened: as quick with five hundred as with three. */

import { createVirtualizer } from "@tanstack/solid-virtual";
import { createMemo, createSignal, Index, Show } from "solid-js";
import type { ActorItem } from "../../../../src/core/protocol/history.ts";
import { type MarkedState, StateMark } from "../../design/state-mark.tsx";
import { count } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import { type ActorRow, actorRows } from "./actor-groups.ts";
import styles from "./panel.module.css";

const ROW = 30;
const GROUP = 32;

export function ActorList() {
  const { scope, actorId, open } = useInspector();
  const [text, setText] = createSignal("");
  let top!: HTMLDivElement;
  const rows = createMemo(() => actorRows(scope.actors(), text()));
  const list = createVirtualizer({
    get count() {
      return rows().length;
    },
    getScrollElement: () => (top as HTMLElement | undefined)?.closest<HTMLElement>('[role="tabpanel"]') ?? null,
    estimateSize: (index) => (rows()[index]?.kind === "group" ? GROUP : ROW),
    overscan: 12,
    scrollMargin: 90,
  });
  const rowAt = (index: number): ActorRow | undefined => rows()[index];
  return (
    <>
      <div ref={top} class={styles.search}>
        <input
          type="search"
          class="input"
          placeholder="Find an actor"
          aria-label="Find an actor"
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Actor
        id="job"
        name="job"
        actor={scope.actors().find(({ id }) => id === "job")}
        isOpen={actorId() === "job"}
        open={open}
      />
      <Show
        when={rows().length > 0}
        fallback={<p class="faint">{text() === "" ? "No child machines yet." : "None by that name."}</p>}
      >
        <div class={styles.virtual} style={{ height: `${list.getTotalSize()}px` }}>
          {/* By place: while a job runs, every update moves somebody from one group to another. */}
          <Index each={list.getVirtualItems()}>
            {(item) => (
              <div style={{ transform: `translateY(${item().start - 90}px)` }}>
                <Show when={rowAt(item().index)}>{(row) => <Line row={row()} actorId={actorId()} open={open} />}</Show>
              </div>
            )}
          </Index>
        </div>
      </Show>
    </>
  );
}

function Line(props: { row: ActorRow; actorId: string; open: (id: string) => void }) {
  const group = () => (props.row.kind === "group" ? props.row : undefined);
  const own = () => (props.row.kind === "actor" ? props.row : undefined);
  return (
    <>
      <Show when={group()}>
        {(shown) => (
          <h2 class={styles.group}>
            {shown().name} <span class="faint num">{count(shown().size)}</span>
          </h2>
        )}
      </Show>
      <Show when={own()}>
        {(shown) => (
          <Actor
            id={shown().actor.id}
            name={shown().name}
            actor={shown().actor}
            isOpen={props.actorId === shown().actor.id}
            open={props.open}
          />
        )}
      </Show>
    </>
  );
}

function Actor(props: {
  id: string;
  name: string;
  actor: ActorItem | undefined;
  isOpen: boolean;
  open: (id: string) => void;
}) {
  return (
    <button
      type="button"
      class={styles.actor}
      aria-current={props.isOpen ? "true" : undefined}
      onClick={() => props.open(props.id)}
    >
      <Show when={props.actor}>{(actor) => <StateMark state={markOf(actor())} size={14} />}</Show>
      <span class="clip">{props.name}</span>
    </button>
  );
}

export function markOf({ status, state }: ActorItem): MarkedState {
  if (state === "failed" || status === "error") return "failed";
  if (status === "done") return state === "cancelled" ? "cancelled" : "done";
  if (status === "stopped") return state === "done" || state === "merged" ? "done" : "cancelled";
  return "running";
}
