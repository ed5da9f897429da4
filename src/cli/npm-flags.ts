/**
 * `npm run orchestrator --repo X "task"`, without `--`, never shows us the flag: npm takes it for a setting of its own,
 * passes on the rest, and the job would work on another repository, or push nothing, or be no dry run. What npm took
 * stands in the environment of its scripts.
 */

import type { ArgsDef } from "citty";
import { flagsOf } from "./check-arguments.ts";
import { wrongUsage } from "./wrong-usage.ts";

/** The scripts of package.json that pass their arguments on to a command. */
const SCRIPTS: readonly string[] = ["orch", "orchestrator", "dev", "dispatcher", "dashboard"];

/** @throws UsageError `wrong-usage`, with how to write it */
export function refuseTakenFlags(environment: Readonly<Record<string, string | undefined>>, args: ArgsDef): void {
  const script = environment.npm_lifecycle_event;
  if (script === undefined || !SCRIPTS.includes(script)) return;
  const taken = [...flagsOf(args)].filter(([flag]) => environment[`npm_config_${flag.replaceAll("-", "_")}`]);
  if (taken.length === 0) return;
  const written = taken.map(([flag, { isBoolean }]) => `--${flag}${isBoolean ? "" : " …"}`);
  throw wrongUsage(
    `npm took ${taken.map(([flag]) => `--${flag}`).join(", ")} for itself`,
    `put "--" before the flags: npm run ${script} -- ${written.join(" ")} …`,
  );
}
