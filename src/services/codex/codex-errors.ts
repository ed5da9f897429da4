/** What Codex said when a turn failed, as an error with a class: shall it be tried again, and what can the user do? */

import { OrchError, type OrchErrorOptions } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { ProcessEnd } from "../process.ts";
import { retryTime } from "./retry-time.ts";
import { serviceWords } from "./service-words.ts";

export interface TurnFailure {
  /** The failure that Codex reported, or the last error; null if it said nothing. */
  readonly said: string | null;
  /** The end of what it printed on stderr. */
  readonly stderr: string;
  /** How the process ended; undefined when nobody saw it. */
  readonly end: ProcessEnd | undefined;
}

type FailureClass = Pick<OrchErrorOptions, "code" | "retryable" | "hint">;

/** In the order in which they are asked: the first that matches is it. */
const CLASSES: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /quota exceeded|insufficient_quota|usage limit/i,
    {
      code: "model-quota-exceeded",
      retryable: false,
      hint: "check the plan and billing of the key, then resume the job",
    },
  ],
  [
    /status:? 429|rate.?limit|too many requests/i,
    {
      code: "rate-limited",
      retryable: true,
      hint: "it is waited for; if it comes often, work on fewer subtasks at a time (concurrency)",
    },
  ],
  [
    /status:? 40[13]|unauthorized|forbidden|invalid api key|incorrect api key|missing environment variable/i,
    {
      code: "model-refused-key",
      retryable: false,
      hint: "check OPENAI_API_KEY and OPENAI_BASE_URL, then resume the job",
    },
  ],
  [
    /status:? 5\d\d|stream disconnected|high demand|overloaded|error sending request|connection (?:refused|reset|closed|failed|error)|timed? ?out|server_error/i,
    {
      code: "model-unavailable",
      retryable: true,
      hint: "the model's server did not answer as it should; try again later",
    },
  ],
  [
    /context window/i,
    { code: "codex-failed", retryable: false, hint: "the subtask is too large for one thread; make the task smaller" },
  ],
  [
    /status:? 4\d\d|does not exist|invalid_request|invalid_prompt|\{"error":|error loading config|unexpected argument|Usage: codex/i,
    { code: "codex-failed", retryable: false, hint: "check the model's name and Codex's configuration" },
  ],
];

const UNKNOWN: FailureClass = {
  code: "codex-failed",
  retryable: true,
  hint: "the job's log has all that was said; retry the subtask when the cause is gone",
};

/** @param now milliseconds since the epoch: limits may name a time of day */
export function turnError(failure: TurnFailure, now: number): OrchError {
  const said = failure.said ?? lastLine(failure.stderr);
  if (failure.said === null && wasKilled(failure.end)) {
    return new OrchError(`Codex was ended from outside${failure.end?.signal ? ` by ${failure.end.signal}` : ""}`, {
      code: "codex-died",
      retryable: true,
      hint: "its thread is kept and will be gone on with",
    });
  }
  const time = retryTime(said, now);
  const found = classOf(said, time);
  const retryAfterMs = found.code === "rate-limited" ? time : undefined;
  return new OrchError(`Codex's turn failed: ${printable(serviceWords(said) || "it said nothing", 500)}`, {
    ...found,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    details: { exitCode: failure.end?.exitCode ?? null, stderr: printable(failure.stderr.slice(-500), 500) },
  });
}

function classOf(said: string, time: number | undefined): FailureClass {
  // A usage limit that says when it ends is waited for; one that does not needs a person.
  if (/usage limit/i.test(said) && time !== undefined) return { code: "rate-limited", retryable: true };
  return CLASSES.find(([pattern]) => pattern.test(said))?.[1] ?? UNKNOWN;
}

/** Whether `codex exec resume` said that it doesn't know the thread. */
export function isThreadLost(stderr: string): boolean {
  return /no rollout found|(?:thread|session|conversation) not found/i.test(stderr);
}

/** No exit code of its own: a signal, or nobody saw how it went. */
function wasKilled(end: ProcessEnd | undefined): boolean {
  return end === undefined || end.exitCode === null || end.exitCode >= 128;
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("Reading "))
      .at(-1) ?? ""
  );
}
