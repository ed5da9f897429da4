/** `orch doctor`: whether all that a job needs is here, and what to do about what is not. */

import { defineOrchCommand, EXIT, jsonFlag } from "../command.ts";
import { checkUpLines } from "../format/check-up-lines.ts";
import { choosePaint } from "../format/paint.ts";

export const doctor = defineOrchCommand({
  args: async () => {
    const { settingFlags } = await import("../setting-flags.ts");
    return { ...settingFlags(["repository"]), json: jsonFlag };
  },
  run: async (args, session) => {
    const { settingValues } = await import("../setting-flags.ts");
    const { checkUp } = await import("../check-up.ts");
    const checks = await checkUp(session, settingValues(args));
    const ok = checks.every(({ status }) => status !== "failed");
    const { stdout } = session;
    if (session.json) stdout.json({ ok, checks });
    else stdout.lines(checkUpLines(checks, choosePaint(stdout.stream, session.environment)));
    return ok ? EXIT.ok : EXIT.failed;
  },
});
