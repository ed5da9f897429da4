/** A Telegram bot as a source of tasks, and the reporter that tells its chats what becomes of them. */

import type { CodingJobEvent } from "../../../workflows/coding-job.ts";
import type { PricesOf } from "../../core/cost.ts";
import type { Redact } from "../../core/redact.ts";
import type { EngineEvent } from "../../engine/engine-event.ts";
import type { SignalOutcome, Store } from "../../store/store.ts";
import type { SourceEvent } from "../dispatch-event.ts";
import type { TaskReporter } from "../task-reporter.ts";
import type { TaskSource } from "../task-source.ts";
import { BotApi } from "./bot-api.ts";
import { Remote } from "./remote.ts";
import { TelegramNotes } from "./telegram-notes.ts";
import { TelegramReporter } from "./telegram-reporter.ts";
import { TelegramSource } from "./telegram-source.ts";

export interface TelegramOptions {
  /** As @BotFather gave it: the bot's number, a colon, a secret. */
  readonly token: string;
  /** Numbers of the users whom it listens to. Everyone else is ignored, in whatever chat. */
  readonly admins: readonly number[];
  readonly apiRoot: string;
  readonly store: Store;
  readonly pricesOf: PricesOf;
  /** Commits a word for a job; the same id is taken once. */
  readonly signal: (jobId: string, event: CodingJobEvent | EngineEvent, id: string) => SignalOutcome;
  /** Stands before all that is sent. */
  readonly redact: Redact;
  /** Told of answers that cannot be sent. */
  readonly report: (event: SourceEvent) => void;
}

/** Both go to the same dispatcher. */
export function createTelegram(options: TelegramOptions): {
  readonly source: TaskSource;
  readonly reporter: TaskReporter;
} {
  const { token, admins, apiRoot, store, pricesOf, signal, redact, report } = options;
  const name = `telegram-${token.split(":")[0]}`;
  const api = new BotApi(token, apiRoot);
  const notes = new TelegramNotes(store, name);
  const followed = new Set<string>();
  const remote = new Remote({ name, store, pricesOf, signal, redact, isFollowed: (jobId) => followed.has(jobId) });
  const common = { name, api, store, notes, redact };
  return {
    source: new TelegramSource({ ...common, admins, remote }),
    reporter: new TelegramReporter({ ...common, pricesOf, followed, report, show: (jobId) => remote.show(jobId) }),
  };
}
