/** Tells what a job of a workflow of one's own does: where its machine goes, and what its activities say of themselves. */

import { printable } from "../core/ids.ts";
import type { JobEvent } from "../core/protocol.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import type { JobUpdate } from "../engine/job-update.ts";
import type { JobRecord, JobStatus } from "../store/store.ts";
import { toEventError } from "./job-events.ts";
import { stateName } from "./state-name.ts";

export class OwnJobEvents {
  readonly #jobId: string;
  #state: string | null;
  #status: JobStatus;
  #line = "";

  /** @param snapshot where the job stands already; null for a new job */
  constructor({ id, status }: Pick<JobRecord, "id" | "status">, snapshot: PersistedSnapshot | null) {
    this.#jobId = id;
    this.#status = status;
    this.#state = snapshot && stateName(snapshot.value);
  }

  standing(): readonly JobEvent[] {
    return this.#state === null ? [] : [this.#stateEvent(this.#state)];
  }

  take(update: JobUpdate): readonly JobEvent[] {
    const jobId = this.#jobId;
    switch (update.type) {
      case "step": {
        const { actorId, state: value, job } = update.step;
        if (actorId !== ROOT_ACTOR) return [];
        // Said only where it changes.
        if (job) this.#status = job.status;
        const state = stateName(value);
        if (state === this.#state) return [];
        this.#state = state;
        return [this.#stateEvent(state)];
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

  #stateEvent(state: string): JobEvent {
    return { type: "job.state", jobId: this.#jobId, state, isWaiting: this.#status === "waiting" };
  }
}
