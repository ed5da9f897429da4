/** What must outlive this process: which message shows a job, which answers are owed and given, which update was the last. */

import { systemClock } from "../../core/clock.ts";
import type { Json } from "../../core/json.ts";
import { patiently } from "../../engine/patience.ts";
import type { Store } from "../../store/store.ts";

export class TelegramNotes {
  readonly #store: Store;
  readonly #name: string;

  /** @param name of the source: it names the bot */
  constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** True for the one who may send the message that shows the job. It is sent at most once. */
  claimStatus(jobId: string): Promise<boolean> {
    return this.#add(jobId, "status");
  }

  /** The message that shows the job; null if none was sent, or if the process ended before it could note which. */
  statusOf(jobId: string): number | null {
    const id = this.#store.getNote(jobId, `${this.#name}-status`);
    return typeof id === "number" ? id : null;
  }

  setStatus(jobId: string, messageId: number | null): Promise<void> {
    return this.#put(jobId, "status", messageId);
  }

  owe(jobId: string): Promise<void> {
    return this.#put(jobId, "owed", true);
  }

  isOwed(jobId: string): boolean {
    return this.#store.getNote(jobId, `${this.#name}-owed`) === true;
  }

  /** Jobs whose answer was not given yet. */
  owed(): string[] {
    return this.#store
      .listNotes(`${this.#name}-owed`)
      .flatMap(({ jobId, content }) => (content === true ? [jobId] : []));
  }

  /** True for the one who may say how the job ended at that entry of its history. */
  claimAnswer(jobId: string, seq: number): Promise<boolean> {
    return this.#add(jobId, `answer-${seq}`);
  }

  /** True for the one who may ask whether that plan is approved. */
  claimQuestion(jobId: string, plan: number): Promise<boolean> {
    return this.#add(jobId, `question-${plan}`);
  }

  answered(jobId: string): Promise<void> {
    return this.#put(jobId, "owed", false);
  }

  get lastUpdate(): number | undefined {
    const id = this.#store.getNote("", `${this.#name}-update`);
    return typeof id === "number" ? id : undefined;
  }

  setLastUpdate(id: number): Promise<void> {
    return this.#put("", "update", id);
  }

  /** Another process may hold the database for a while: that is waited for. */
  #put(jobId: string, what: string, content: Json): Promise<void> {
    return patiently(systemClock, () => this.#store.putNote({ jobId, name: `${this.#name}-${what}`, content }));
  }

  #add(jobId: string, what: string): Promise<boolean> {
    return patiently(systemClock, () => this.#store.addNote({ jobId, name: `${this.#name}-${what}`, content: null }));
  }
}
