/** Short words about what was just done or went wrong: spoken, gone after a while, errors only when they are closed. */

import { createContext, createSignal, For, type ParentProps, Show, useContext } from "solid-js";
import type { ErrorView } from "../../../src/core/protocol/common.ts";
import { toErrorView } from "../api/api-error.ts";
import { IconButton } from "./button.tsx";
import { StateMark } from "./state-mark.tsx";
import styles from "./toast.module.css";

interface Toast {
  readonly id: number;
  readonly kind: "done" | "failed" | "waiting";
  readonly said: ErrorView;
}

export interface Toasts {
  /** Something was done. */
  readonly say: (words: string) => void;
  /** Something was done, but not all that was hoped for. */
  readonly warn: (said: ErrorView) => void;
  /** What was thrown. */
  readonly fail: (error: unknown) => void;
}

const ToastContext = createContext<Toasts>();
const SHOWN_MS = 5000;

export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (toasts === undefined) throw new Error("useToasts outside of ToastProvider");
  return toasts;
}

export function ToastProvider(props: ParentProps) {
  const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
  let last = 0;
  const remove = (id: number) => setToasts((all) => all.filter((toast) => toast.id !== id));
  const add = (kind: Toast["kind"], said: ErrorView) => {
    const id = ++last;
    setToasts((all) => [...all.slice(-3), { id, kind, said }]);
    if (kind === "done") setTimeout(() => remove(id), SHOWN_MS);
  };
  const value: Toasts = {
    say: (message) => add("done", { message }),
    warn: (said) => add("waiting", said),
    fail: (error) => add("failed", toErrorView(error)),
  };
  return (
    <ToastContext.Provider value={value}>
      {props.children}
      <div class={styles.place} aria-live="polite">
        <For each={toasts()}>
          {({ id, kind, said }) => (
            <div class={styles.toast} role={kind === "failed" ? "alert" : "status"}>
              <StateMark state={kind} />
              <p class={styles.words}>
                {said.message}
                <Show when={said.hint}>
                  <span class={styles.hint}>{said.hint}</span>
                </Show>
              </p>
              <IconButton icon="close" label="Dismiss" size="sm" onClick={() => remove(id)} />
            </div>
          )}
        </For>
      </div>
    </ToastContext.Provider>
  );
}
