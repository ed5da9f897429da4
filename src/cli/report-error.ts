/** The one place where an error becomes words for a person or a program, and an exit code. */

import { inspect } from "node:util";
import { errorMessage, OrchError, toErrorData, UsageError } from "../core/errors.ts";
import { printableText } from "../core/ids.ts";
import { EXIT, type ExitCode } from "./command.ts";
import type { Session } from "./session.ts";

/** Says what went wrong, and with `--json` says it on stdout too. Returns the exit code. */
export function reportError(error: unknown, session: Session): ExitCode {
  const { message, hint } = describeError(error);
  const { code } = toErrorData(error);
  if (session.json) {
    session.stdout.json({ type: "error", error: { message, ...(code !== undefined && { code }), hint } });
  }
  session.stderr.line(`orch: ${message}`);
  session.stderr.line(`      ${hint}`);
  // With its causes, each with its stack.
  if (session.debug) session.stderr.line(printableText(inspect(error)));
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

/** An error as a line that says what happened and a line that says what to do. */
export function describeError(error: unknown): { message: string; hint: string } {
  if (error instanceof OrchError) {
    return { message: oneLine(error.message), hint: oneLine(error.hint ?? `see "orch --help"`) };
  }
  return {
    message: oneLine(errorMessage(error)),
    hint: "this is a bug in orch: run it again with --debug, and report what it prints",
  };
}

function oneLine(text: string): string {
  return printableText(text)
    .trim()
    .replace(/\s*\n\s*/g, "; ");
}
