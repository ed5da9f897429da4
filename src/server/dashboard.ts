/** The dashboard's server: opens the database, listens on loopback, and ends without leaving anything behind. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "h3";
import { createRunSetup } from "../command-access.ts";
import { loadDryRun } from "../config/load-config.ts";
import { openPriceBook } from "../config/price-book.ts";
import { type OrchError, UsageError } from "../core/errors.ts";
import type { Redact } from "../core/redact.ts";
import type { WorkWatch } from "../core/work-watch.ts";
import { copiedSecrets } from "../jobs/job-secrets.ts";
import { inputOf } from "../jobs/jobs.ts";
import { JobFacts } from "../jobs/view/job-facts.ts";
import { Timelines } from "../jobs/view/job-timeline.ts";
import { JobLogs } from "../jobs/view/log-sources.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { createApp } from "./app.ts";
import type { ServerContext } from "./context.ts";
import { Gate } from "./gate.ts";
import { Hub } from "./live/hub.ts";
import { serveWebSocket } from "./live/web-socket.ts";
import { packageVersion } from "./package-root.ts";
import { Runner } from "./runner.ts";
import { builtPages, StaticFiles } from "./static-files.ts";
import { loadToken } from "./token.ts";

const HOST = "127.0.0.1";
const MOST_FACTS = 8;

export interface DashboardOptions {
  /** 0: one that the system chooses. */
  readonly port: number;
  readonly databasePath: string;
  /** Absolute paths of the repositories in which pages may start jobs. */
  readonly repositories: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly redact: Redact;
  readonly keepSecret: (secret: string | undefined) => void;
  /** Told, in a line, what goes on. */
  readonly note: (line: string) => void;
  /** Told what planner, agents and commands of its jobs do. */
  readonly watch?: WorkWatch | undefined;
  /** Where the built pages are. Default: in the package. */
  readonly pages?: string;
}

export interface Dashboard {
  readonly port: number;
  /** What lets a browser in. */
  readonly link: string;
  /** Stops the jobs that it runs (they can be resumed), then listens no more. */
  close(): Promise<void>;
}

/** @throws UsageError `port-in-use`, `port-not-allowed`, or that the database cannot be used */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { databasePath, note, redact, keepSecret, environment, directory, watch } = options;
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 15_000 });
  const port = await listen(server, options.port);
  const store = await openSqliteStore(databasePath).catch(async (error: unknown) => {
    server.close();
    throw error;
  });
  const { reads } = store;
  const report = (text: string) => note(redact(text));
  const logs = new JobLogs(redact);
  const pricesOf = openPriceBook(environment, directory, report);
  const hub = new Hub({
    store,
    reads,
    logs,
    pricesOf,
    report: (error) => report(`the database could not be read: ${error}`),
  });
  const runner = new Runner({ environment, directory, databasePath, note, keepSecret, watch });
  const token = loadToken(databasePath);
  const version = packageVersion();
  const gate = new Gate(token, port);
  const context: ServerContext = {
    ...{ version, store, reads, logs, hub, runner, redact, databasePath, pricesOf },
    runSetup: createRunSetup(environment, directory),
    isDryRun: loadDryRun(environment, directory),
    timelines: new Timelines(store),
    keepSecretsOf: (job) => {
      for (const secret of copiedSecrets(inputOf(job))) keepSecret(secret);
    },
    repositories: options.repositories,
    factsOf: keepFacts((facts) => facts.refresh(reads, Date.now())),
  };
  const app = createApp({ context, gate, files: new StaticFiles(options.pages ?? builtPages()), report });
  server.on("request", toNodeHandler({ fetch: app } as never));
  const closeSockets = serveWebSocket(server, { gate, hub, version, report });
  return {
    port,
    link: `http://${HOST}:${port}/?token=${token.value}`,
    async close() {
      await runner.close();
      hub.close();
      closeSockets();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(error, port)));
    server.listen({ host: HOST, port, exclusive: true }, resolve);
  });
  server.removeAllListeners("error");
  return (server.address() as AddressInfo).port;
}

function cannotListen(error: NodeJS.ErrnoException, port: number): OrchError {
  const hint = 'choose another with --port or DASHBOARD_PORT, or "--port 0" for any that is free';
  if (error.code === "EADDRINUSE") {
    return new UsageError(`port ${port} is taken: another dashboard, or another program, listens there`, {
      code: "port-in-use",
      hint,
    });
  }
  return new UsageError(`the dashboard cannot listen on port ${port}: ${error.message}`, {
    code: "port-not-allowed",
    hint,
  });
}

/** What is known of the jobs that were asked for last. */
function keepFacts(refresh: (facts: JobFacts) => void): (jobId: string) => JobFacts {
  const kept = new Map<string, JobFacts>();
  return (jobId) => {
    const facts = kept.get(jobId) ?? new JobFacts(jobId);
    kept.delete(jobId);
    kept.set(jobId, facts);
    const [oldest] = kept.keys();
    if (kept.size > MOST_FACTS && oldest !== undefined) kept.delete(oldest);
    refresh(facts);
    return facts;
  };
}
