/** A small button that copies a text as it is, and says that it did. */

import { createSignal, onCleanup } from "solid-js";
import { IconButton } from "../design/button.tsx";

/** @param props.label what is copied: `the path` */
export function CopyButton(props: { text: string; label: string; class?: string | undefined }) {
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
    <IconButton
      icon={isCopied() ? "check" : "copy"}
      label={isCopied() ? "Copied" : `Copy ${props.label}`}
      size="sm"
      class={props.class}
      onClick={() => void copy()}
    />
  );
}
