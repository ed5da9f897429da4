/** A job is parked while the orch at hand does not have a workflow of it: it is left as it is, for a release that has. */

import { OrchError } from "../core/errors.ts";
import type { Store } from "../store/store.ts";
import type { Registry } from "./registry.ts";

/**
 * Only reads: it is asked before the job's lease is taken, and again when it is held.
 *
 * @throws OrchError `workflow-gone` or `workflow-changed`
 */
export function refuseParked(store: Store, registry: Registry, jobId: string): void {
  for (const actor of store.listActors(jobId)) {
    // What has ended needs no workflow any more.
    if (actor.status !== "active") continue;
    try {
      registry.exact(actor);
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      const { code, hint = "" } = error;
      throw new OrchError(`job ${jobId} is parked: ${error.message}`, { code, hint, cause: error });
    }
  }
}
