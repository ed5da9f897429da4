/** The planner's plan: why it is so, and each subtask with its instructions on demand. */

import { createEffect, createSignal, For, Show } from "solid-js";
import { Tag } from "../../design/badge.tsx";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icons.tsx";
import { useToasts } from "../../design/toast.tsx";
import { many } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import { Card } from "./card.tsx";
import styles from "./plan.module.css";

/** More are shown when they are asked for. */
const SHOWN = 30;

/** @param props.isOpen whether the subtasks are listed from the beginning */
export function Plan(props: { isOpen: boolean }) {
  const scope = useJob();
  const toasts = useToasts();
  const [isListed, setListed] = createSignal(props.isOpen);
  const [areAllShown, setAllShown] = createSignal(false);
  const shown = () => (areAllShown() ? scope.subtasks() : scope.subtasks().slice(0, SHOWN));
  // The stream leaves the planner's words out; a new plan brings new ones.
  createEffect(() => {
    const isMissing = scope.now.subtasks.some(({ instructions }) => instructions === null);
    if (isListed() && isMissing) scope.loadInstructions().catch(toasts.fail);
  });
  return (
    <Show when={scope.subtasks().length > 0 || scope.job().summary !== ""}>
      <Card
        title="Plan"
        end={
          <Button size="sm" kind="quiet" aria-expanded={isListed()} onClick={() => setListed(!isListed())}>
            {isListed() ? "Hide the subtasks" : `Show ${many(scope.subtasks().length, "subtask")}`}
          </Button>
        }
      >
        <Show when={scope.job().summary !== ""}>
          <p class={`${styles.summary} words`}>{scope.job().summary}</p>
        </Show>
        <Show when={isListed()}>
          <ol class={styles.list}>
            <For each={shown()}>
              {(subtask, index) => (
                <li>
                  <details class={styles.subtask}>
                    <summary class={styles.head}>
                      <span class={`${styles.number} num`}>{index() + 1}</span>
                      <span class={styles.title}>
                        {subtask.title} <code class="faint">{subtask.id}</code>
                      </span>
                      <span class={styles.after}>
                        <Show when={subtask.dependsOn.length > 0}>
                          <span class="faint">after</span>
                          <For each={subtask.dependsOn}>{(id) => <Tag>{id}</Tag>}</For>
                        </Show>
                      </span>
                      <Icon name="chevronRight" size={14} class={styles.chevron} />
                    </summary>
                    <p class={`${styles.instructions} words`}>
                      {scope.now.subtasks.find(({ id }) => id === subtask.id)?.instructions ?? "Loading …"}
                    </p>
                  </details>
                </li>
              )}
            </For>
          </ol>
          <Show when={shown().length < scope.subtasks().length}>
            <Button size="sm" onClick={() => setAllShown(true)}>
              Show all {scope.subtasks().length}
            </Button>
          </Show>
        </Show>
      </Card>
    </Show>
  );
}
