/** Starts the dashboard's server and says how to get in: what `orch dashboard` and `orch run --dashboard` have in common. */

import type { Config } from "../config/load-config.ts";
import type { Session } from "./session.ts";
import { createWorkWatch } from "./work-watch.ts";

export const dashboardFlag = {
  type: "boolean",
  description: "Show the job in the browser while it runs.",
} as const;

/** @throws UsageError `port-in-use`, `port-not-allowed`, or that the database cannot be used */
export async function openDashboard(
  session: Session,
  config: Pick<Config, "databasePath" | "dashboardPort" | "teeCodex" | "trace">,
  repositories: readonly string[],
): Promise<AsyncDisposable> {
  const { startDashboard } = await import("../server/dashboard.ts");
  const { environment, directory, redact, json } = session;
  const { databasePath, dashboardPort } = config;
  const dashboard = await startDashboard({
    ...{ port: dashboardPort, databasePath, repositories, environment, directory, redact },
    keepSecret: (secret) => session.keepSecret(secret),
    watch: createWorkWatch(session, config, true),
    note: (line) => session.stderr.line(`orch: ${line}`),
  });
  // As it is: to anything that takes out secrets the token looks like one.
  const out = json ? session.stderr : session.stdout;
  out.write(`dashboard: ${dashboard.link}\n`);
  return { [Symbol.asyncDispose]: () => dashboard.close() };
}
