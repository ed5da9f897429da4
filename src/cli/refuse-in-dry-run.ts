/** For commands that change jobs, and have nothing to show beforehand: while a dry run is asked for they do nothing. */

import { loadDryRun, notInDryRun } from "../config/load-config.ts";
import type { Session } from "./session.ts";

/** @throws UsageError `dry-run` */
export function refuseInDryRun({ environment, directory }: Session): void {
  if (loadDryRun(environment, directory)) throw notInDryRun();
}
