/** What is looked for in the log, how often it was found, and the way from one to the next. */

import { Show } from "solid-js";
import { toErrorView } from "../api/api-error.ts";
import { IconButton } from "../design/button.tsx";
import { Icon } from "../design/icons.tsx";
import { count } from "../words/format.ts";
import type { Search } from "./search.ts";
import styles from "./search-box.module.css";

export function SearchBox(props: { search: Search; ready: (input: HTMLInputElement) => void }) {
  const { search } = props;
  const found = () => {
    if (search.words() === "") return "";
    const error = search.error();
    if (error !== null) return toErrorView(error).message;
    const all = search.hits().length;
    if (all === 0) return search.isRunning() ? "Searching …" : "Not found";
    const here = search.current() + 1;
    return `${here > 0 ? `${count(here)} of ` : ""}${count(all)}${search.isCut() || search.isRunning() ? "+" : ""}`;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") search.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && search.words() !== "") search.setWords("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search class={styles.box}>
      <Icon name="search" size={14} class={styles.icon} />
      <input
        ref={props.ready}
        type="search"
        class={`input ${styles.input}`}
        placeholder="Search the log"
        aria-label="Search the log"
        maxLength={200}
        value={search.words()}
        onInput={(event) => search.setWords(event.currentTarget.value)}
        onKeyDown={keys}
      />
      <span class={`${styles.found} num`} role="status">
        {found()}
      </span>
      <Show when={search.hits().length > 0}>
        <IconButton icon="chevronUp" label="Previous hit (p, Shift Enter)" size="sm" onClick={() => search.step(-1)} />
        <IconButton icon="chevronDown" label="Next hit (n, Enter)" size="sm" onClick={() => search.step(1)} />
      </Show>
    </search>
  );
}
