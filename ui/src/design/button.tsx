/** Buttons, and links that look like them. */

import { type JSX, type ParentProps, Show, splitProps } from "solid-js";
import styles from "./button.module.css";
import { Icon, type IconName } from "./icons.tsx";

interface Look {
  /** `primary`: the one thing to do here. `danger`: something is lost. `quiet`: no frame. */
  readonly kind?: "primary" | "plain" | "quiet" | "danger" | undefined;
  readonly size?: "sm" | "md" | undefined;
  readonly icon?: IconName | undefined;
}

export function Button(props: ParentProps<Look & JSX.ButtonHTMLAttributes<HTMLButtonElement>>) {
  const [look, rest] = splitProps(props, ["kind", "size", "icon", "children", "class"]);
  return (
    <button type="button" {...rest} class={`${classOf(look)} ${look.class ?? ""}`}>
      <Show when={look.icon}>{(name) => <Icon name={name()} size={14} />}</Show>
      {look.children}
    </button>
  );
}

/** Only an icon: `label` is spoken, and shown as a tooltip. */
export function IconButton(
  props: Look & { label: string; icon: IconName } & JSX.ButtonHTMLAttributes<HTMLButtonElement>,
) {
  const [look, rest] = splitProps(props, ["kind", "size", "icon", "label", "class"]);
  return (
    <button
      type="button"
      {...rest}
      aria-label={look.label}
      title={rest.title ?? look.label}
      class={`${classOf({ kind: "quiet", ...look })} ${styles.square} ${look.class ?? ""}`}
    >
      <Icon name={look.icon} />
    </button>
  );
}

function classOf({ kind = "plain", size = "md" }: Look): string {
  return `${styles.button} ${styles[kind]} ${size === "sm" ? styles.small : ""}`;
}
