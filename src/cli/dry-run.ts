/** A dry run in front of the user's eyes: what `orch run` and `orch dispatch` have in common. */

import type { Config } from "../config/load-config.ts";
import { formatDuration } from "../core/durations.ts";
import { dryRun } from "../dry-run.ts";
import { EXIT, type ExitCode } from "./command.ts";
import { cleanLine } from "./format/clean.ts";
import { dryRunHead, dryRunLines } from "./format/dry-run-lines.ts";
import { choosePaint } from "./format/paint.ts";
import type { Session } from "./session.ts";
import { StopSignals } from "./stop-signals.ts";

/** The tasks one after the other; the first that cannot be planned ends it. */
export async function showDryRuns(tasks: readonly string[], config: Config, session: Session): Promise<ExitCode> {
  const { stdout, stderr, environment, json } = session;
  const paint = choosePaint(stdout.stream, environment);
  using stops = new StopSignals(
    () => stderr.line("orch: stopping; there is nothing to be undone"),
    () => {},
  );
  try {
    for (const [index, task] of tasks.entries()) {
      if (index > 0 && !json) stdout.line();
      await dryRun(config, task, {
        signal: stops.signal,
        environment,
        onBegin: (job) => stdout.lines(json ? [] : dryRunHead(job, paint)),
        onEvent: (event) => (json ? stdout.json(event) : stdout.lines(dryRunLines(event, paint))),
        onRetry: (error, delay) =>
          stderr.line(`orch: ${cleanLine(error.message, 300)}; tried again in ${formatDuration(delay)}`),
      });
    }
    return EXIT.ok;
  } catch (error) {
    if (stops.signal.aborted) return EXIT.interrupted;
    throw error;
  }
}
