/** Search and filters of the list. They stand in the address, so that a list can be kept as a bookmark. */

import { createSignal, For, onCleanup } from "solid-js";
import type { RepositoryView } from "../../../src/core/protocol/jobs.ts";
import type { JobsFilter } from "../api/jobs.ts";
import { Icon } from "../design/icons.tsx";
import { setQuery } from "../routing/router.ts";
import styles from "./job-filters.module.css";

/** What a person asks for, and the states that it means. */
const GROUPS = [
  { label: "All", states: "" },
  { label: "Running", states: "running" },
  { label: "Needs you", states: "waiting,failed,paused,interrupted" },
  { label: "Done", states: "done" },
  { label: "Cancelled", states: "cancelled" },
];

const TYPING_MS = 180;

export function JobFilters(props: {
  filter: JobsFilter;
  repositories: readonly RepositoryView[];
  search: (element: HTMLInputElement) => void;
}) {
  const [text, setText] = createSignal(props.filter.text ?? "");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const search = (words: string) => {
    setText(words);
    clearTimeout(timer);
    timer = setTimeout(() => setQuery("q", words.trim()), TYPING_MS);
  };
  return (
    <search class={styles.filters}>
      <fieldset class={styles.groups}>
        <legend class="only-spoken">State</legend>
        <For each={GROUPS}>
          {({ label, states }) => (
            <button
              type="button"
              class={styles.group}
              aria-pressed={(props.filter.state ?? "") === states}
              onClick={() => setQuery("state", states)}
            >
              {label}
            </button>
          )}
        </For>
      </fieldset>
      <label class={styles.search}>
        <span class="only-spoken">Search jobs</span>
        <Icon name="search" size={14} />
        <input
          class="input"
          type="search"
          placeholder="Search task, branch, id"
          value={text()}
          ref={(element) => props.search(element)}
          onInput={(event) => search(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            search("");
            event.currentTarget.blur();
          }}
        />
      </label>
      <label class={styles.repository}>
        <span class="only-spoken">Repository</span>
        <select
          class="input"
          value={props.filter.repository ?? ""}
          onChange={(event) => setQuery("repository", event.currentTarget.value)}
        >
          <option value="">All repositories</option>
          <For each={props.repositories}>
            {({ id, name }) => (
              <option value={id} selected={id === props.filter.repository}>
                {name}
              </option>
            )}
          </For>
        </select>
      </label>
    </search>
  );
}
