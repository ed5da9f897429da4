/** A labelled input: label above, help or the error below, spoken with it. */

import { createUniqueId, type JSX, Show } from "solid-js";
import styles from "./field.module.css";

interface FieldProps {
  readonly label: string;
  readonly help?: JSX.Element;
  readonly error?: string | undefined;
  /** Gets the ids that tie the input to its words. */
  readonly children: (ids: { readonly id: string; readonly "aria-describedby": string }) => JSX.Element;
}

export function Field(props: FieldProps) {
  const id = createUniqueId();
  return (
    <div class={styles.field}>
      <label class={styles.label} for={id}>
        {props.label}
      </label>
      {props.children({ id, "aria-describedby": `${id}-help` })}
      <p class={`${styles.help} ${props.error ? styles.error : ""}`} id={`${id}-help`}>
        <Show when={props.error} fallback={props.help}>
          {props.error}
        </Show>
      </p>
    </div>
  );
}

export function Checkbox(props: {
  label: string;
  help?: string;
  isChecked: boolean;
  change: (isChecked: boolean) => void;
}) {
  const id = createUniqueId();
  return (
    <div class={styles.check}>
      <input
        type="checkbox"
        id={id}
        checked={props.isChecked}
        aria-describedby={`${id}-help`}
        onChange={(event) => props.change(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{props.label}</label>
        <p class={styles.help} id={`${id}-help`}>
          {props.help}
        </p>
      </div>
    </div>
  );
}
