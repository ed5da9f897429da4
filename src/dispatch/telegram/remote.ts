/** Does what a command or a button says. Each effect carries the update's id, so that it happens once. */

import type { CodingJobEvent } from "../../../workflows/coding-job.ts";
import { systemClock } from "../../core/clock.ts";
import type { PricesOf } from "../../core/cost.ts";
import { errorMessage, OrchError, UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { Redact } from "../../core/redact.ts";
import type { EngineEvent } from "../../engine/engine-event.ts";
import { patiently } from "../../engine/patience.ts";
import { cancelIdleJob } from "../../jobs/cancel-idle-job.ts";
import { type JobView, summarizeJob, viewJob } from "../../jobs/job-view.ts";
import {
  approval,
  cancellation,
  continuing,
  pausing,
  rejection,
  retry,
  skipping,
  type Word,
} from "../../jobs/job-words.ts";
import { findJob, inputOf } from "../../jobs/jobs.ts";
import { refuseUnlessResumable } from "../../jobs/view/job-actions.ts";
import { showDiff } from "../../services/git/show-diff.ts";
import type { JobRecord, SignalOutcome, Store } from "../../store/store.ts";
import { isDispatcherTrouble } from "../event-error.ts";
import { type Pressed, readButton } from "./buttons.ts";
import { addHint } from "./hint.ts";
import { type JobMessage, jobMessage, stateMark } from "./job-message.ts";
import { LONGEST_MESSAGE, MessageText } from "./message-text.ts";
import { HELP } from "./remote-words.ts";

export interface RemoteOptions {
  /** Name of the source. */
  readonly name: string;
  readonly store: Store;
  readonly pricesOf: PricesOf;
  readonly signal: (jobId: string, event: CodingJobEvent | EngineEvent, id: string) => SignalOutcome;
  readonly redact: Redact;
  /** Whether this dispatcher sees to the job. */
  readonly isFollowed: (jobId: string) => boolean;
}

export interface RemoteAnswer {
  readonly text: MessageText;
  readonly buttons?: JobMessage["buttons"];
  readonly file?: { readonly name: string; readonly content: string };
  /** A job that is to be looked at: it may go on now, or be over. */
  readonly wake?: string;
}

/** Jobs among which one is looked for, and that are listed. */
const NEWEST = 200;
const LISTED = 10;
/** Telegram takes files of up to 50 MB. */
const LONGEST_FILE = 20_000_000;

export class Remote {
  readonly #options: RemoteOptions;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  /** @param id of the update: the same one has its effect once */
  async command(chatId: number, name: string, words: string, id: string): Promise<RemoteAnswer> {
    return this.#saying(async () => {
      const rest = words.split(/\s+/).filter((word) => word !== "");
      switch (name) {
        case "start":
        case "help":
          return { text: this.#text().say(HELP) };
        case "jobs":
          return { text: this.#listJobs() };
        case "status":
          return this.#status(this.#find(chatId, rest[0]));
        case "diff":
          return this.#diff(this.#find(chatId, rest[0]));
        case "approve":
          return this.#tell(this.#find(chatId, rest[0]), approval, id);
        case "reject":
          return this.#reject(chatId, words, id);
        case "stop":
          return this.#tell(this.#find(chatId, rest[0]), pausing, id);
        case "cancel":
          return this.#cancel(this.#find(chatId, rest[0]), id);
        case "resume":
          return this.#resume(this.#find(chatId, rest[0]), id);
        case "skip":
          return this.#skip(chatId, rest, id);
        case "retry":
          return this.#retry(chatId, rest, id);
        default:
          throw new UsageError(`there is no command /${printable(name)}`, {
            code: "unknown-command",
            hint: "see /help",
          });
      }
    });
  }

  async press(data: string, id: string): Promise<RemoteAnswer> {
    return this.#saying(async () => {
      const pressed = readButton(data);
      if (!pressed) throw new UsageError("this button says nothing to me any more", { code: "unknown-button" });
      const job = findJob(this.#options.store, pressed.jobId);
      this.#refuseOtherPlan(pressed);
      switch (pressed.name) {
        case "approve":
          return this.#tell(job, approval, id);
        case "reject":
          return { text: this.#text().say("Say what is to be different: /reject and your words.") };
        case "stop":
          return this.#tell(job, pausing, id);
        case "retry":
          return this.#tell(job, (view) => retry(view, undefined), id);
        case "resume":
          return this.#resume(job, id);
        case "cancel":
          return this.#cancel(job, id);
        case "diff":
          return this.#diff(job);
      }
    });
  }

  /** How a job is shown now. */
  show(jobId: string): JobMessage {
    const { store, redact, isFollowed } = this.#options;
    const plan = store.getArtifact(jobId, "plan")?.seq ?? null;
    return jobMessage(this.#view(jobId), { isFollowed: isFollowed(jobId), plan, redact });
  }

  #status(job: JobRecord): RemoteAnswer {
    return this.show(job.id);
  }

  #listJobs(): MessageText {
    const text = this.#text();
    const jobs = this.#options.store.listJobs({ limit: LISTED });
    if (jobs.length === 0) return text.say("There are no jobs yet.");
    for (const job of jobs) {
      const { id, state, task } = summarizeJob(job, Date.now());
      const isQueued = state === "interrupted" && this.#options.isFollowed(id);
      text.say(`${isQueued ? "⏳" : stateMark(state)} `).strong(isQueued ? "waits for its turn" : state);
      text.say("  ").quote(task, 100).line().say("     ").quote(id).line();
    }
    return text;
  }

  async #diff(job: JobRecord): Promise<RemoteAnswer> {
    const { id } = job;
    const { resultCommit, baseCommit, state, stat } = this.#view(id);
    if (resultCommit === null || stat === null) {
      throw new UsageError(`job ${id} has no result that could be shown (it is ${state})`, { code: "no-result" });
    }
    const { repository } = inputOf(job);
    const diff = await showDiff({ repository, jobId: id, from: baseCommit, to: resultCommit });
    if (diff === "") return { text: this.#text().say("Nothing was changed.") };
    const text = this.#text().block(diff, "diff");
    if (text.length < LONGEST_MESSAGE - 200) return { text };
    const content = this.#options.redact(diff.slice(0, LONGEST_FILE));
    return { text: this.#text().say("changes of ").quote(id), file: { name: `${id}.diff`, content } };
  }

  #reject(chatId: number, words: string, id: string): Promise<RemoteAnswer> {
    const [, first = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(words) ?? [];
    const named = this.#named(chatId, first);
    const feedback = named ? rest : words;
    if (feedback.trim() === "") {
      throw new UsageError("say what is to be different", { code: "no-feedback", hint: "/reject and your words" });
    }
    return this.#tell(named ?? this.#find(chatId, undefined), (view) => rejection(view, feedback), id);
  }

  #retry(chatId: number, [first, second]: readonly string[], id: string): Promise<RemoteAnswer> {
    const named = first === undefined ? undefined : this.#named(chatId, first);
    const subtask = named ? second : first;
    return this.#tell(named ?? this.#find(chatId, undefined), (view) => retry(view, subtask), id);
  }

  #skip(chatId: number, [first, second]: readonly string[], id: string): Promise<RemoteAnswer> {
    const named = first === undefined ? undefined : this.#named(chatId, first);
    const subtask = named ? second : first;
    if (subtask === undefined) {
      throw new UsageError("say which subtask is to be left out", { code: "no-subtask", hint: "/skip and its name" });
    }
    return this.#tell(named ?? this.#find(chatId, undefined), (view) => skipping(view, subtask), id);
  }

  async #resume(job: JobRecord, id: string): Promise<RemoteAnswer> {
    const view = this.#view(job.id);
    if (view.state === "paused") return this.#tell(job, continuing, id);
    refuseUnlessResumable(view);
    if (view.phase === "awaitingApproval") {
      throw new UsageError("its plan waits for your word", {
        code: "not-now",
        hint: "/approve, or /reject and your words",
      });
    }
    return { text: this.#text().say("job ").quote(job.id).say(" goes on"), wake: job.id };
  }

  async #cancel(job: JobRecord, id: string): Promise<RemoteAnswer> {
    const { store } = this.#options;
    const view = this.#view(job.id);
    const answer = await this.#tell(job, cancellation, id);
    // A paused job takes no other word; and if nobody runs the job, the word is carried out here.
    if (view.state === "paused") await this.#signal(job.id, { type: "orch.continue" }, `${id}-continue`);
    if (view.runBy !== null) return answer;
    try {
      await cancelIdleJob(store, job.id);
    } catch (error) {
      // The word is committed: whoever has begun to run the job meanwhile takes it.
      if (!(error instanceof OrchError) || isDispatcherTrouble(error)) throw error;
    }
    return answer;
  }

  /** Looks whether the job can take the word now, and commits it. */
  async #tell({ id: jobId }: JobRecord, decide: (view: JobView) => Word, id: string): Promise<RemoteAnswer> {
    const view = this.#view(jobId);
    const { event, said } = decide(view);
    await this.#signal(jobId, event, id);
    return { text: this.#text().quote(said), wake: jobId };
  }

  async #signal(jobId: string, event: CodingJobEvent | EngineEvent, id: string): Promise<void> {
    const outcome = await patiently(systemClock, () => this.#options.signal(jobId, event, id));
    if (outcome === "added" || outcome === "known") return;
    throw new UsageError(`job ${jobId} is over: nothing can change it any more`, { code: "job-closed" });
  }

  #refuseOtherPlan({ jobId, plan }: Pressed): void {
    if (plan === null || this.#options.store.getArtifact(jobId, "plan")?.seq === plan) return;
    throw new UsageError("another plan has taken the place of this one", { code: "other-plan", hint: "see /status" });
  }

  #view(jobId: string): JobView {
    const { store, pricesOf } = this.#options;
    return viewJob(store, findJob(store, jobId), Date.now(), pricesOf);
  }

  /** The job that is named, or the chat's newest. */
  #find(chatId: number, name: string | undefined): JobRecord {
    if (name !== undefined) {
      const named = this.#named(chatId, name);
      if (named) return named;
      throw new UsageError(`there is no job "${printable(name)}"`, { code: "job-unknown", hint: "see /jobs" });
    }
    const [newest] = this.#ofChat(chatId);
    if (newest) return newest;
    throw new UsageError("this chat has no job yet", { code: "job-unknown", hint: "send a task, or see /jobs" });
  }

  /** By its id, or by the end of the id of one of this chat's. */
  #named(chatId: number, name: string): JobRecord | undefined {
    const exact = this.#options.store.getJob(name);
    if (exact) return exact;
    return this.#ofChat(chatId).find(({ id }) => id.endsWith(`-${name}`));
  }

  #ofChat(chatId: number): JobRecord[] {
    const { store, name } = this.#options;
    return store
      .listJobs({ limit: NEWEST })
      .filter(({ labels }) => labels.source === name && labels.chat === String(chatId));
  }

  /** What cannot be is said, in the words of the error. */
  async #saying(act: () => Promise<RemoteAnswer> | RemoteAnswer): Promise<RemoteAnswer> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof OrchError) || isDispatcherTrouble(error)) throw error;
      return { text: addHint(this.#text().quote(errorMessage(error), 600), error.hint) };
    }
  }

  #text(): MessageText {
    return new MessageText(this.#options.redact);
  }
}
