/** A dialog over the page: the browser's own, so that focus, Escape and what is behind it are right. */

import { createUniqueId, type JSX, onCleanup, onMount, type ParentProps, Show } from "solid-js";
import { IconButton } from "./button.tsx";
import styles from "./dialog.module.css";

/** Is there as long as it is rendered: put it in a `<Show>`. `close` is called for Escape and a click beside it too. */
export function Dialog(
  props: ParentProps<{ title: string; close: () => void; footer?: JSX.Element; isWide?: boolean; isBare?: boolean }>,
) {
  const id = createUniqueId();
  let element!: HTMLDialogElement;
  let pressedOn: EventTarget | null = null;
  onMount(() => {
    const before = document.activeElement;
    element.showModal();
    onCleanup(() => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    });
  });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the browser's own, as `cancel`
    <dialog
      ref={element}
      class={`${styles.dialog} ${props.isWide ? styles.wide : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onPointerDown={(event) => {
        pressedOn = event.target;
      }}
      onClick={(event) => {
        if (event.target === element && pressedOn === element) props.close();
      }}
    >
      <div class={styles.inside}>
        <Show
          when={!props.isBare}
          fallback={
            <h2 id={id} class="only-spoken">
              {props.title}
            </h2>
          }
        >
          <header class={styles.header}>
            <h2 id={id}>{props.title}</h2>
            <IconButton icon="close" label="Close" size="sm" onClick={() => props.close()} />
          </header>
        </Show>
        <div class={props.isBare ? "" : styles.body}>{props.children}</div>
        <Show when={props.footer}>
          <footer class={styles.footer}>{props.footer}</footer>
        </Show>
      </div>
    </dialog>
  );
}
