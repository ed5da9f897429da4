/** A command or a name in a box, with a button that copies it. */

import { createSignal, onCleanup } from "solid-js";
import { IconButton } from "./button.tsx";
import styles from "./copy.module.css";

export function Copyable(props: { text: string; label: string; class?: string | undefined }) {
  const [isCopied, setCopied] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async () => {
    await navigator.clipboard.writeText(props.text);
    setCopied(true);
    clearTimeout(timer);
    timer = setTimeout(() => setCopied(false), 1500);
  };
  return (
    <span class={`${styles.box} ${props.class ?? ""}`}>
      <code class={styles.text}>{props.text}</code>
      <IconButton
        icon={isCopied() ? "check" : "copy"}
        label={isCopied() ? "Copied" : `Copy ${props.label}`}
        size="sm"
        onClick={() => void copy()}
      />
    </span>
  );
}
