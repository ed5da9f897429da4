/** Calls of services: how they went, their attempts, last words and errors, and what went in and came out. */

import { createEffect, createSignal, For, Show } from "solid-js";
import type { ActivityItem } from "../../../../src/core/protocol/history.ts";
import { toErrorView } from "../../api/api-error.ts";
import { getEntry } from "../../api/jobs.ts";
import { StateBadge, Tag } from "../../design/badge.tsx";
import { ErrorWords } from "../../design/error-words.tsx";
import type { MarkedState } from "../../design/state-mark.tsx";
import { useLive } from "../../live/live.tsx";
import { createCell } from "../../live/store.ts";
import { count, duration, preciseDuration } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import { createLoaded } from "../model/loaded.ts";
import styles from "./panel.module.css";

const FEW = 5;
const STATES = { scheduled: "running", completed: "done", failed: "failed", cancelled: "cancelled" } as const;

/** @param props.ids as the machine knows them; null: all that are at work */
export function Services(props: { ids: ReadonlySet<string> | null; heading: string }) {
  const { detail } = useInspector();
  // Kept by their ids: what is open stays open while its last words change.
  const kept = createCell<{ own: readonly (ActivityItem & { readonly id: string })[] }>({ own: [] });
  createEffect(() => {
    const all = (detail()?.activities ?? []).filter(({ invokeId, status }) =>
      props.ids === null ? status === "scheduled" : props.ids.has(invokeId),
    );
    kept.replace({ own: all.map((one) => ({ ...one, id: one.effectId })) });
  });
  const own = () => kept.value.own;
  return (
    <Show when={own().length > 0}>
      <section class={styles.section}>
        <h2 class={styles.heading}>
          {props.heading}{" "}
          <span class="faint num">{own().length > FEW ? `the newest ${FEW} of ${count(own().length)}` : ""}</span>
        </h2>
        <For each={own().slice(0, FEW)}>{(activity) => <Service activity={activity} />}</For>
      </section>
    </Show>
  );
}

function Service(props: { activity: ActivityItem }) {
  const { scope } = useInspector();
  const { now } = useLive();
  const one = () => props.activity;
  const isWaiting = () => one().status === "scheduled" && one().dueAt !== null;
  const state = (): MarkedState => (isWaiting() ? "retrying" : STATES[one().status]);
  /** Of a point of the past, the time is that of the entry. */
  const until = () =>
    one().finishedAt ?? (scope.at() === null ? now() : (scope.entries.timeOf(scope.at() ?? 0) ?? now()));
  return (
    <div class={styles.card}>
      <div class={styles.line}>
        <span class={styles.name}>{one().name}</span>
        <StateBadge state={state()} isPlain />
        <Show when={(one().attempt ?? 0) > 1}>
          <Tag>attempt {one().attempt}</Tag>
        </Show>
        <span class={`${styles.side} num`}>{preciseDuration(until() - one().scheduledAt)}</span>
      </div>
      <Show when={isWaiting()}>
        <p class={`${styles.last} num`}>tried again in {duration((one().dueAt ?? 0) - now())}</p>
      </Show>
      <Show when={one().line}>
        <p class={`${styles.last} words`}>{one().line}</p>
      </Show>
      <Show when={one().error}>{(error) => <ErrorWords error={error()} />}</Show>
      <InAndOut activity={one()} />
    </div>
  );
}

function InAndOut(props: { activity: ActivityItem }) {
  const { scope, entriesOf } = useInspector();
  const [isOpen, setOpen] = createSignal(false);
  const endSeq = () => {
    const { invokeId, seq, status } = props.activity;
    if (status !== "completed" && status !== "failed") return null;
    const event = `xstate.${status === "completed" ? "done" : "error"}.actor.${invokeId}`;
    return entriesOf((step) => step.event === event, 1000).findLast((entry) => entry.seq > seq)?.seq ?? null;
  };
  const loaded = createLoaded(
    () => (isOpen() ? { seq: props.activity.seq, end: endSeq(), id: props.activity.invokeId } : null),
    async ({ seq, end, id }) => {
      const [asked, ended] = await Promise.all([
        getEntry(scope.id, seq),
        end === null ? null : getEntry(scope.id, end),
      ]);
      return { input: inputOf(asked.fullEffects, id), output: ended === null ? undefined : outputOf(ended.payload) };
    },
  );
  return (
    <details class={styles.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Input and output</summary>
      <Show when={!loaded.error()} fallback={<ErrorWords error={toErrorView(loaded.error())} />}>
        <Show when={loaded.value()} fallback={<p class="faint">One moment…</p>}>
          {(both) => (
            <>
              <Json label="Input" value={both().input} />
              <Json label="Output" value={both().output} />
            </>
          )}
        </Show>
      </Show>
    </details>
  );
}

function Json(props: { label: string; value: unknown }) {
  return (
    <Show when={props.value !== undefined}>
      <p class="faint">{props.label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre class={`${styles.json} words`} tabIndex={0}>
        {JSON.stringify(props.value, null, 2)}
      </pre>
    </Show>
  );
}

function inputOf(effects: readonly unknown[], id: string): unknown {
  const effect = effects.find((one) => isRecord(one) && one.type === "invoke" && one.id === id);
  return isRecord(effect) ? (effect.input ?? null) : undefined;
}

function outputOf(event: unknown): unknown {
  return isRecord(event) ? (event.output ?? event.error ?? null) : event;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
