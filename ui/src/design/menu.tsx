/** A button that opens a list of things to do: arrows, Home, End, Escape and letters as menus have them. */

import { createSignal, createUniqueId, For, type JSX, onCleanup, Show } from "solid-js";
import { Icon, type IconName } from "./icons.tsx";
import styles from "./menu.module.css";

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** Why it is not possible, or what it does; a second line. */
  readonly hint?: string | undefined;
  readonly isDisabled?: boolean;
  readonly isChecked?: boolean;
  readonly isDanger?: boolean;
  readonly act: () => void;
}

interface TriggerProps {
  readonly id: string;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
  readonly onClick: () => void;
}

export function Menu(props: {
  label: string;
  items: readonly MenuItem[];
  trigger: (props: TriggerProps) => JSX.Element;
  align?: "start" | "end";
}) {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  let box!: HTMLDivElement;

  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) document.getElementById(id)?.focus();
  };
  const beside = (event: Event) => {
    if (isOpen() && !box.contains(event.target as Node)) close(false);
  };
  document.addEventListener("pointerdown", beside);
  onCleanup(() => document.removeEventListener("pointerdown", beside));

  const buttons = () => [...box.querySelectorAll<HTMLButtonElement>('[role^="menuitem"]')];
  const move = (event: KeyboardEvent) => {
    const all = buttons();
    const here = all.indexOf(document.activeElement as HTMLButtonElement);
    const next = {
      ArrowDown: all[(here + 1) % all.length],
      ArrowUp: all[(here - 1 + all.length) % all.length],
      Home: all[0],
      End: all.at(-1),
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close(event.key === "Escape");
    const typed =
      event.key.length === 1 && !event.ctrlKey && !event.metaKey
        ? [...all.slice(here + 1), ...all].find(({ textContent }) =>
            textContent?.toLowerCase().startsWith(event.key.toLowerCase()),
          )
        : undefined;
    if (next ?? typed) (next ?? typed)?.focus();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class={styles.anchor} ref={box}>
      {props.trigger({
        id,
        "aria-haspopup": "menu",
        get "aria-expanded"() {
          return isOpen();
        },
        onClick: () => {
          setOpen(!isOpen());
          if (isOpen()) queueMicrotask(() => buttons()[0]?.focus());
        },
      })}
      <Show when={isOpen()}>
        <div
          role="menu"
          tabIndex={-1}
          aria-label={props.label}
          class={`${styles.menu} ${props.align === "end" ? styles.end : ""}`}
          onKeyDown={move}
        >
          <For each={props.items}>
            {(item) => (
              // biome-ignore lint/a11y/useAriaPropsSupportedByRole: it is a menuitemradio where it can be checked
              <button
                type="button"
                role={item.isChecked === undefined ? "menuitem" : "menuitemradio"}
                aria-checked={item.isChecked}
                aria-disabled={item.isDisabled}
                tabIndex={-1}
                class={`${styles.item} ${item.isDanger ? styles.danger : ""}`}
                onClick={() => {
                  if (item.isDisabled) return;
                  close(true);
                  item.act();
                }}
              >
                <span class={styles.icon}>
                  <Show when={item.icon}>{(name) => <Icon name={name()} />}</Show>
                </span>
                <span class={styles.words}>
                  {item.label}
                  <Show when={item.hint}>
                    <small class={styles.hint}>{item.hint}</small>
                  </Show>
                </span>
                <Show when={item.isChecked}>
                  <Icon name="check" size={14} />
                </Show>
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}
