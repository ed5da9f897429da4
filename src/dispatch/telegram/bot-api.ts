/** The Bot API: one call at a time or until it succeeds. No error of it says the token, which stands in every address. */

import { setTimeout as pause } from "node:timers/promises";
import { Api, GrammyError, HttpError } from "grammy/web";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";

/** How long Telegram is asked to wait for an update before it answers that there is none. */
export const POLL_SECONDS = 50;
/** Longer than any answer takes: a connection that is dead without saying so. */
const TIMEOUT_SECONDS = POLL_SECONDS + 30;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface InsistOptions {
  readonly signal: AbortSignal;
  /** Told of each failure that is tried again. */
  readonly onTrouble?: (error: OrchError) => void;
  /** After this long it fails as the last try did. Default: never. */
  readonly patienceMs?: number;
}

/** The system's own, under grammY's name for it. */
type BotSignal = NonNullable<Parameters<Api["getMe"]>[0]>;
export type BotCall<T> = (api: Api, signal: BotSignal) => Promise<T>;

export class BotApi {
  readonly #api: Api;

  constructor(token: string, apiRoot: string) {
    // Of grammY what runs on the system's own fetch: the other half carries an HTTP client that Node warns of.
    this.#api = new Api(token, { apiRoot, timeoutSeconds: TIMEOUT_SECONDS });
  }

  /**
   * Calls once.
   *
   * @throws OrchError `telegram-unauthorized`, `telegram-conflict`, `telegram-refused`, and retryable:
   * `telegram-limit` (with `retryAfterMs`), `telegram-unreachable`. The signal's reason if it is aborted.
   */
  async call<T>(make: BotCall<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    try {
      return await make(this.#api, signal as unknown as BotSignal);
    } catch (error) {
      signal.throwIfAborted();
      throw toTelegramError(error);
    }
  }

  /** Calls until it succeeds: through lost networks, limits and Telegram's own troubles. @throws OrchError as `call` */
  async insist<T>(make: BotCall<T>, options: InsistOptions): Promise<T> {
    const { signal, onTrouble, patienceMs = Number.POSITIVE_INFINITY } = options;
    const begunAt = performance.now();
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.call(make, signal);
      } catch (error) {
        if (!(error instanceof OrchError) || !error.retryable) throw error;
        const wait = error.retryAfterMs ?? backoff(failures);
        if (performance.now() - begunAt + wait > patienceMs) throw error;
        onTrouble?.(error);
        await pause(wait, undefined, { signal });
      }
    }
  }
}

export function backoff(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
}

/** Made anew of what is known to be harmless: an error of the network names the address, and with it the token. */
function toTelegramError(thrown: unknown): OrchError {
  if (thrown instanceof GrammyError) return toAnswerError(thrown);
  const reason = thrown instanceof HttpError ? codeOf(thrown.error) : undefined;
  return new OrchError(`Telegram cannot be reached${reason === undefined ? "" : ` (${reason})`}`, {
    code: "telegram-unreachable",
    retryable: true,
    hint: "it is tried again until it can",
  });
}

function toAnswerError({ error_code: status, description, method, parameters }: GrammyError): OrchError {
  const said = printable(description, 300);
  // An unknown token is an unknown address to Telegram.
  if (status === 401 || status === 404) {
    return new OrchError(`Telegram does not know the bot's token (${said})`, {
      code: "telegram-unauthorized",
      hint: "it may have been revoked: ask @BotFather for the token, and set TELEGRAM_BOT_TOKEN",
    });
  }
  if (status === 409) {
    return new OrchError(`somebody else takes this bot's messages (${said})`, {
      code: "telegram-conflict",
      hint: "stop the other dispatcher, or use another bot; it is tried again",
    });
  }
  if (status === 429) {
    return new OrchError(`Telegram wants fewer messages (${said})`, {
      code: "telegram-limit",
      retryable: true,
      retryAfterMs: (parameters.retry_after ?? 5) * 1000,
    });
  }
  const what = status >= 500 ? `Telegram has trouble of its own with ${method}` : `Telegram refused ${method}`;
  return new OrchError(`${what} (${status}: ${said})`, {
    code: status >= 500 ? "telegram-unreachable" : "telegram-refused",
    retryable: status >= 500,
    details: { status, description: said },
  });
}

/** `ECONNREFUSED`, `ENOTFOUND` …: the innermost code that the network gave. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === "string" && /^[A-Z_0-9]+$/.test(code)) return code;
  }
  return undefined;
}
