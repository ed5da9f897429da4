/** The job's page before the first message. */

import { Skeleton } from "../design/skeleton.tsx";
import styles from "./job-skeleton.module.css";

export function JobSkeleton() {
  return (
    <div class={styles.skeleton} role="status" aria-label="Loading the job">
      <Skeleton width={44} class={styles.title} />
      <Skeleton width={70} />
      <Skeleton width={200} class={styles.block} />
      <Skeleton width={200} class={styles.block} />
    </div>
  );
}
