/** Where text will stand in a moment. `width`: in characters. */

import styles from "./skeleton.module.css";

export function Skeleton(props: { width?: number; class?: string | undefined }) {
  return (
    <span
      class={`${styles.bone} ${props.class ?? ""}`}
      style={{ width: `${props.width ?? 12}ch` }}
      aria-hidden="true"
    />
  );
}
