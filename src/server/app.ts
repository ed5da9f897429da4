/** Every request: who may ask, which route answers, what stands on every answer. */

import { getRouterParams, H3, type H3Event } from "h3";
import { notInDryRun } from "../config/load-config.ts";
import type { ServerContext } from "./context.ts";
import type { Gate } from "./gate.ts";
import { withSafeHeaders } from "./headers.ts";
import { errorResponse, HttpError } from "./http-error.ts";
import { eventStream } from "./live/event-stream.ts";
import { streamQueryOf } from "./live/stream-query.ts";
import { goOnPage, notBuiltPage, notLetInPage } from "./plain-pages.ts";
import { actionRoutes } from "./routes/actions.ts";
import { historyRoutes } from "./routes/history.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { machineRoutes } from "./routes/machines.ts";
import { outcomeRoutes } from "./routes/outcome.ts";
import { get, type Route } from "./routes/route.ts";
import type { StaticFiles } from "./static-files.ts";

export interface AppParams {
  readonly context: ServerContext;
  readonly gate: Gate;
  readonly files: StaticFiles;
  /** Told of errors that nobody foresaw. */
  readonly report: (text: string) => void;
}

const ROUTES: readonly Route[] = [
  ...jobRoutes,
  ...historyRoutes,
  ...machineRoutes,
  ...outcomeRoutes,
  ...actionRoutes,
  get("/api/stream", (call, { hub, version }) =>
    eventStream(hub, withLastId(call.request, streamQueryOf(call.url)), version),
  ),
];

/** Answers every request; it never throws. */
export function createApp({ context, gate, files, report }: AppParams): (request: Request) => Promise<Response> {
  // Ours are answered where they are thrown: what is left are addresses that cannot be read.
  const app = new H3({
    onError: ({ status }) => errorResponse(new HttpError(status, "bad-request", "that address cannot be read"), report),
  });
  const on = (method: Route["method"] | "", path: string, answer: (event: H3Event) => unknown) =>
    app.on(method, path, async (event: H3Event) => {
      try {
        const answered = await answer(event);
        return answered instanceof Response ? answered : Response.json(answered);
      } catch (error) {
        return errorResponse(error, report);
      }
    });
  for (const { method, path, answer } of ROUTES) {
    on(method, path, (event) => {
      const params = getRouterParams(event, { decode: true });
      return answer({ request: event.req as Request, url: event.url, params }, context);
    });
  }
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const methods = ROUTES.filter((route) => route.path === path).map((route) => route.method);
    on("", path, () => {
      throw new HttpError(405, "wrong-method", `that can only be asked by ${methods.join(" or ")}`);
    });
  }
  on("", "/**", (event) => otherPage(event, gate, files));

  return async (request) => {
    try {
      gate.checkHost(request.headers);
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/api/") && pathname !== "/api/login") {
        gate.checkOrigin(request.headers);
        gate.checkToken(request.headers);
        if (context.isDryRun && !["GET", "HEAD"].includes(request.method)) throw notInDryRun();
      }
      return withSafeHeaders(await app.fetch(request as never));
    } catch (error) {
      return withSafeHeaders(errorResponse(error, report));
    }
  };
}

async function otherPage(event: H3Event, gate: Gate, files: StaticFiles): Promise<Response> {
  const { pathname, searchParams } = event.url;
  const { headers, method } = event.req;
  if (method !== "GET" && method !== "HEAD") throw new HttpError(405, "wrong-method", "that can only be asked by GET");
  const token = searchParams.get("token");
  if (token !== null && (pathname === "/" || pathname === "/api/login")) {
    const cookie = gate.letIn(token);
    return cookie === null ? notLetInPage(true) : goOnPage(cookie);
  }
  if (pathname.startsWith("/api/") || pathname === "/ws") {
    throw new HttpError(404, "not-found", "there is nothing at that address");
  }
  const file = await files.file(pathname);
  if (file) return file;
  if (!gate.isKnown(headers)) return notLetInPage(false);
  return files.isBuilt ? files.index() : notBuiltPage();
}

function withLastId(request: Request, query: ReturnType<typeof streamQueryOf>): ReturnType<typeof streamQueryOf> {
  const last = request.headers.get("last-event-id");
  return last !== null && /^\d{1,9}$/.test(last) ? { ...query, since: Number(last) } : query;
}
