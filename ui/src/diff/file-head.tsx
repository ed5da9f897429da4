/** The head of a file in the diff: its path, what happened to it, and what can be done with it. */

import { Show } from "solid-js";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { IconButton } from "../design/button.tsx";
import { CopyButton } from "../text/copy-button.tsx";
import { visibleText } from "../text/unusual.ts";
import styles from "./file-head.module.css";
import { ChangeBar, FileSign, LineCounts } from "./file-marks.tsx";

export function FileHead(props: {
  file: ChangedFile;
  isClosed: boolean;
  isViewed: boolean;
  toggle: () => void;
  setViewed: (isViewed: boolean) => void;
  /** It stands above the list, and is no heading of its own. */
  isSticky?: boolean;
}) {
  const name = () => visibleText(props.file.path);
  const folder = () => name().slice(0, name().lastIndexOf("/") + 1);
  return (
    <div class={`${styles.head} ${props.isSticky ? styles.sticky : ""}`} data-closed={props.isClosed || undefined}>
      <IconButton
        icon={props.isClosed ? "chevronRight" : "chevronDown"}
        label={`${props.isClosed ? "Open" : "Close"} ${name()}`}
        size="sm"
        aria-expanded={!props.isClosed}
        onClick={props.toggle}
      />
      <FileSign status={props.file.status} />
      <h3 class={styles.path} title={name()}>
        <Show when={props.file.oldPath}>
          {(old) => (
            <>
              <span class={styles.old}>{visibleText(old())}</span>
              <span class={styles.arrow} role="img" aria-label="renamed to">
                →
              </span>
            </>
          )}
        </Show>
        <span class={styles.folder}>{folder()}</span>
        <span class={styles.name}>{name().slice(folder().length)}</span>
      </h3>
      <CopyButton text={props.file.path} label="the path" />
      <span class={styles.rest}>
        <LineCounts insertions={props.file.insertions} deletions={props.file.deletions} />
        <span class={styles.bar}>
          <ChangeBar insertions={props.file.insertions} deletions={props.file.deletions} />
        </span>
        <label class={styles.viewed}>
          <input
            type="checkbox"
            checked={props.isViewed}
            onChange={(event) => props.setViewed(event.currentTarget.checked)}
            aria-label={`Viewed ${name()}`}
          />
          <span class={styles.word}>Viewed</span>
        </label>
      </span>
    </div>
  );
}
