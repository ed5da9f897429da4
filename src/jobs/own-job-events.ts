/** Tells what a job of a workflow of one's own does: where its machine goes, and what its activities say of themselves. */

import { printable } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { JobEvent } from "../core/protocol.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import type { JobUpdate } from "../engine/job-update.ts";
import type { JobRecord, JobStatus } from "../store/store.ts";
import { toEventError } from "./job-events.ts";
import { stateName } from "./state-name.ts";

export class OwnJobEvents {
  readonly #jobId: string;
  readonly #eventsAt: (value: Json) => readonly string[];
  /** Its value, and as a person reads it. */
  #state: { readonly value: Json; readonly name: string } | null;
  #status: JobStatus;
  #line = "";

  /**
   * @param snapshot where the job stands already; null for a new job
   * @param eventsAt what its machine listens for in a state
   */
  constructor(
    { id, status }: Pick<JobRecord, "id" | "status">,
    snapshot: PersistedSnapshot | null,
    eventsAt: (value: Json) => readonly string[],
  ) {
    this.#jobId = id;
    this.#eventsAt = eventsAt;
    this.#status = status;
    this.#state = snapshot && { value: snapshot.value, name: stateName(snapshot.value) };
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
        const name = stateName(value);
        if (name === this.#state?.name) return [];
        this.#state = { value, name };
        return [this.#stateEvent(this.#state)];
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

  #stateEvent({ value, name: state }: { readonly value: Json; readonly name: string }): JobEvent {
    const isWaiting = this.#status === "waiting";
    return { type: "job.state", jobId: this.#jobId, state, isWaiting, listensFor: [...this.#eventsAt(value)] };
  }
}
