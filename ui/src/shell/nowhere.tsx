/** An address that leads nowhere. */

import { Empty } from "../design/empty.tsx";
import { Link } from "../routing/link.tsx";
import styles from "./page.module.css";

export function Nowhere() {
  return (
    <main class={styles.page}>
      <Empty
        isPage
        title="Nothing is here"
        action={
          <Link class={styles.link} to="/">
            All jobs
          </Link>
        }
      >
        The address may be mistyped, or of a newer version of the dashboard.
      </Empty>
    </main>
  );
}
