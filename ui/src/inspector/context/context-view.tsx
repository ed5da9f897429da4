/** An actor's context at the point that is shown: what its last entry changed, and all of it as a tree. */

import { createMemo, createSignal, For, Show } from "solid-js";
import type { ContextChange } from "../../../../src/core/protocol/history.ts";
import { toErrorView } from "../../api/api-error.ts";
import { Button } from "../../design/button.tsx";
import { ErrorWords } from "../../design/error-words.tsx";
import { useToasts } from "../../design/toast.tsx";
import { eventInWords } from "../../words/events.ts";
import { count, many } from "../../words/format.ts";
import { useInspector } from "../model/inspector.ts";
import { kindOf } from "./change-marks.ts";
import styles from "./context.module.css";
import { ContextTree } from "./context-tree.tsx";
import { inShort } from "./json-tree.ts";

const SIGNS = { added: "+", removed: "−", changed: "~" } as const;
const FEW = 12;

export function ContextView() {
  const { detail, detailError, counts, scope, state } = useInspector();
  const toasts = useToasts();
  const [isAll, setAll] = createSignal(false);
  const changes = createMemo(() => detail()?.changes ?? []);
  const shown = () => (isAll() ? changes() : changes().slice(0, FEW));
  const last = () => counts()?.last;
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(detail()?.context ?? null, null, 2));
    toasts.say("The context is copied, as JSON");
  };
  return (
    <Show when={!(detail() === null && detailError())} fallback={<ErrorWords error={toErrorView(detailError())} />}>
      <Show
        when={detail()}
        fallback={<p class="faint">{state() === null ? "It had not begun at this point." : "One moment…"}</p>}
      >
        <div class={styles.head}>
          <h2>
            {changes().length === 0 ? "Nothing changed" : `${many(changes().length, "change")}`}
            <Show when={last()}>
              {(step) => (
                <span class="faint num">
                  {" "}
                  by #{count(step().seq)} {eventInWords(step().step.event)}
                </span>
              )}
            </Show>
          </h2>
        </div>
        <ul class={styles.changes}>
          <For each={shown()}>{(change) => <Change change={change} />}</For>
        </ul>
        <Show when={changes().length > FEW && !isAll()}>
          <Button size="sm" kind="quiet" onClick={() => setAll(true)}>
            Show all {count(changes().length)}
          </Button>
        </Show>
        <div class={styles.head}>
          <h2>Context</h2>
          <Button size="sm" kind="quiet" icon="copy" onClick={() => void copy()}>
            Copy
          </Button>
        </div>
        <Show
          when={detail()?.context ?? null}
          fallback={
            <p class="faint">
              {scope.at() === null
                ? "It has none."
                : "It cannot be known: this orch would do something else than it did then."}
            </p>
          }
        >
          {(context) => <ContextTree context={context()} changes={changes()} />}
        </Show>
      </Show>
    </Show>
  );
}

function Change(props: { change: ContextChange }) {
  const kind = () => kindOf(props.change);
  return (
    <li class={`${styles.change} ${styles[kind()]}`}>
      <span class={styles.sign} aria-hidden="true">
        {SIGNS[kind()]}
      </span>
      <span class={styles.path}>
        <span class="only-spoken">{kind()} </span>
        {props.change.path === "" ? "all of it" : props.change.path}
      </span>
      <span class={styles.values}>
        <Show when={kind() !== "added"}>
          <span class={styles.before}>{inShort(props.change.before, 160)}</span>
        </Show>
        <Show when={kind() !== "removed"}>
          <span class={styles.after}>{inShort(props.change.after, 160)}</span>
        </Show>
      </span>
    </li>
  );
}
