/** A job is parked while the orch at hand does not have a workflow of it: it is left as it is, for a release that has. */

import { OrchError } from "../core/errors.ts";
import type { Store } from "../store/store.ts";
import type { Registry } from "./registry.ts";

/**
 * Only reads: it is asked in the transaction that takes the job's lease, so nobody can begin a child in between.
 *
 * @throws OrchError `workflow-gone` or `workflow-changed`
 */
export function refuseParked(store: Store, registry: Registry, jobId: string): void {
  // What has ended needs no workflow any more.
  for (const workflow of store.listActiveWorkflows(jobId)) {
    try {
      registry.exact(workflow);
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      const { code, hint = "" } = error;
      throw new OrchError(`job ${jobId} is parked: ${error.message}`, { code, hint, cause: error });
    }
  }
}
