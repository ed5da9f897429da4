/** The error of a command line that cannot be understood. */

import { UsageError } from "../core/errors.ts";

export function wrongUsage(message: string, hint: string): UsageError {
  return new UsageError(message, { code: "wrong-usage", hint });
}
