/** One error class with a code, a next step and plain flags, and its form as data. Errors are data: they are stored. */

export interface OrchErrorOptions {
  /** Stable and machine-readable, in kebab-case: `codex-turn-failed`, `not-a-repository`. */
  readonly code: string;
  /** What the user can do next, one sentence. */
  readonly hint?: string;
  /** Whether trying the same again can help. The engine's retry policy asks this. Default false. */
  readonly retryable?: boolean;
  /** Do not try again earlier than this many milliseconds from now (a rate limit's own word). */
  readonly retryAfterMs?: number;
  /** Facts for a program or a log, JSON only. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class OrchError extends Error {
  override readonly name: string = "OrchError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, options: OrchErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }
}

/** The user asked for something that cannot be: a wrong flag, path, id or setting. The CLI exits with 2. */
export class UsageError extends OrchError {
  override readonly name = "UsageError";
}

/** An error as it is stored and shown. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  readonly cause?: ErrorData;
}

/** How many causes of causes are kept. */
const DEEPEST_CAUSE = 8;

/** The data of anything that was thrown: an Error with its causes, error data as it is, any other value as a message. */
export function toErrorData(thrown: unknown, depth = 0): ErrorData {
  try {
    return readError(thrown, depth);
  } catch {
    return { name: "Error", message: "an error that cannot be read was thrown" };
  }
}

function readError(thrown: unknown, depth: number): ErrorData {
  if (thrown instanceof Error) {
    return {
      name: String(thrown.name),
      message: String(thrown.message),
      ...(thrown instanceof OrchError && orchFields(thrown)),
      ...(thrown.stack !== undefined && { stack: thrown.stack }),
      ...(thrown.cause !== undefined && depth < DEEPEST_CAUSE && { cause: toErrorData(thrown.cause, depth + 1) }),
    };
  }
  if (isErrorData(thrown))
    return (throughJson(thrown) as ErrorData | undefined) ?? { name: "Error", message: thrown.message };
  return { name: "Error", message: typeof thrown === "string" ? thrown : `thrown value: ${describe(thrown)}` };
}

export function isErrorData(value: unknown): value is ErrorData {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

/** The message of anything that was thrown, with its causes behind it: for a log line or a person. */
export function errorMessage(thrown: unknown): string {
  const { message, cause } = toErrorData(thrown);
  return cause && !message.includes(cause.message) ? `${message}: ${errorMessage(cause)}` : message;
}

function orchFields(error: OrchError): Partial<ErrorData> {
  return {
    code: error.code,
    retryable: error.retryable,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    ...(error.details !== undefined && { details: throughJson(error.details) ?? {} }),
  };
}

/** What JSON keeps of it, so that it can be stored whatever it is; undefined if JSON can keep nothing. */
function throughJson<T>(value: T): T | undefined {
  try {
    return JSON.parse(JSON.stringify(value)) as T;
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
