/** Tells what a job of a workflow of one's own does: where its machine goes, and what its activities say of themselves. */

import { printable } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { JobEvent } from "../core/protocol.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import type { JobUpdate } from "../engine/job-update.ts";
import { toEventError } from "./job-events.ts";
import { stateName } from "./state-name.ts";

export class OwnJobEvents {
  readonly #jobId: string;
  #state: string | null;
  #line = "";

  /** @param snapshot where the job stands already; null for a new job */
  constructor(jobId: string, snapshot: PersistedSnapshot | null) {
    this.#jobId = jobId;
    this.#state = snapshot && stateName(snapshot.value);
  }

  standing(): readonly JobEvent[] {
    return this.#state === null
      ? []
      : [{ type: "job.state", jobId: this.#jobId, state: this.#state, isWaiting: false }];
  }

  take(update: JobUpdate): readonly JobEvent[] {
    const jobId = this.#jobId;
    switch (update.type) {
      case "step": {
        const { actorId, state: value, job } = update.step;
        const state = stateName(value as Json);
        if (actorId !== ROOT_ACTOR || state === this.#state) return [];
        this.#state = state;
        return [{ type: "job.state", jobId, state, isWaiting: job?.status === "waiting" }];
      }
      case "heartbeat": {
        const { line } = (update.details ?? {}) as { readonly line?: unknown };
        if (typeof line !== "string" || line === "" || line === this.#line) return [];
        this.#line = line;
        return [{ type: "progress", jobId, id: null, line: printable(line, 200) }];
      }
      case "retry":
        return [{ type: "retry", jobId, id: null, error: toEventError(update.error), at: update.dueAt }];
      case "attempt":
        return [];
    }
  }
}
