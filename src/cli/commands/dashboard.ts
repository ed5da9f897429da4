/** `orch dashboard`: the jobs in the browser, until Ctrl-C. */

import { UsageError } from "../../core/errors.ts";
import { defineOrchCommand, EXIT } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { openDashboard } from "../open-dashboard.ts";
import { StopSignals } from "../stop-signals.ts";

export const dashboard = defineOrchCommand({
  args: async () => {
    const { settingFlags } = await import("../setting-flags.ts");
    return settingFlags(["repository", "dashboardPort"]);
  },
  run: async (args, session) => {
    const { settingValues } = await import("../setting-flags.ts");
    const flags = settingValues(args);
    const config = loadSettings(session, flags);
    const repositories = await repositoriesOf(config.repository, "repository" in flags);
    using stops = new StopSignals(
      () => session.stderr.line("stopping; jobs that were run here can be gone on with: orch resume"),
      () => session.stderr.line("stopped at once"),
    );
    await using _server = await openDashboard(session, config, repositories);
    if (!stops.signal.aborted) {
      await new Promise((resolve) => stops.signal.addEventListener("abort", resolve, { once: true }));
    }
    return EXIT.ok;
  },
});

/** To look at jobs no repository is needed: only one that was named must be there. */
async function repositoriesOf(path: string, isNamed: boolean): Promise<string[]> {
  const { findRepository } = await import("../../services/git/find-repository.ts");
  try {
    return [(await findRepository(path)).root];
  } catch (error) {
    if (isNamed || !(error instanceof UsageError)) throw error;
    return [];
  }
}
