/** Above the axis: how many subtasks stand how, which of them are shown, and the zoom. */

import { For, Show } from "solid-js";
import { IconButton } from "../../design/button.tsx";
import { type MarkedState, StateMark } from "../../design/state-mark.tsx";
import { type AxisFilter, type AxisModel, FILTERS, MAX_ZOOM } from "./axis-model.ts";
import styles from "./axis-tools.module.css";

const LABELS: Readonly<Record<AxisFilter, string>> = {
  all: "All",
  running: "Running",
  failed: "Failed",
  blocked: "Blocked",
  pending: "To do",
  done: "Done",
};

const SEARCHED_FROM = 30;

export function AxisTools(props: { model: AxisModel; zoomTo: (zoom: number) => void }) {
  const counts = () => props.model.counts();
  return (
    <div class={styles.tools}>
      <h2 id="subtasks-title" class={styles.title}>
        Subtasks
      </h2>
      <fieldset class={styles.filters}>
        <legend class="only-spoken">Which subtasks are shown</legend>
        <For each={FILTERS}>
          {(name) => (
            <Show when={counts()[name] > 0}>
              <button
                type="button"
                class={styles.filter}
                aria-pressed={props.model.filter() === name}
                onClick={() => props.model.setFilter(props.model.filter() === name ? "all" : name)}
              >
                <Show when={name !== "all"}>
                  <StateMark state={name as MarkedState} size={13} />
                </Show>
                {LABELS[name]} <span class={`${styles.count} num`}>{counts()[name]}</span>
              </button>
            </Show>
          )}
        </For>
      </fieldset>
      <Show when={counts().all > SEARCHED_FROM}>
        <input
          class={`input ${styles.search}`}
          type="search"
          placeholder="Find a subtask"
          aria-label="Find a subtask"
          value={props.model.text()}
          onInput={(event) => props.model.setText(event.currentTarget.value)}
        />
      </Show>
      <div class={styles.zoom}>
        <IconButton
          icon="zoomOut"
          label="Zoom out"
          size="sm"
          disabled={props.model.zoom() <= 1}
          onClick={() => props.zoomTo(props.model.zoom() / 1.6)}
        />
        <IconButton
          icon="zoomIn"
          label="Zoom in"
          size="sm"
          disabled={props.model.zoom() >= MAX_ZOOM}
          onClick={() => props.zoomTo(props.model.zoom() * 1.6)}
        />
      </div>
    </div>
  );
}
