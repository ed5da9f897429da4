/** A model that answers from a script: an HTTP server on loopback that speaks the OpenAI Responses API. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OrchError, UsageError } from "../core/errors.ts";
import type { RequestRecord } from "./records.ts";
import { RequestLog } from "./request-log.ts";
import { Responder } from "./responder.ts";
import type { Script } from "./script.ts";
import { sendError, sendJson } from "./wire.ts";

export interface ScriptedModel extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1`: the base URL for a client. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Opens a gate for good: steps that `hold` it are answered. */
  release(gate: string): void;
  /** Resolves with the first request, past or to come, that is as `condition` says. */
  waitFor(condition: (request: RequestRecord) => boolean): Promise<RequestRecord>;
  /** Ends at once; requests that wait are cut off. */
  close(): Promise<void>;
}

export interface ScriptedModelOptions {
  readonly script: Script;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where each request is written as JSON lines: one when it comes, one when it ends. */
  readonly logFile?: string;
}

/** Larger requests than this are no conversation. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** Starts the server. Throws a `UsageError` if the port is taken. */
export async function startScriptedModel({ script, port = 0, logFile }: ScriptedModelOptions): Promise<ScriptedModel> {
  const log = new RequestLog(logFile);
  const responder = new Responder(script, log);
  const server = createServer((request, response) => {
    handle(request, response, responder).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, `the scripted model failed: ${String(error)}`, "scripted-model-failed");
    });
  });
  // A connection that the server closes while the client sends its next request looks like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  }).catch((error: unknown) => {
    throw new UsageError(`the scripted model cannot listen on port ${port}`, {
      code: "port-unusable",
      hint: "choose another port, or 0 for any free one",
      cause: error,
    });
  });
  const close = async () => {
    responder.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get requests() {
      return log.records;
    },
    release: (gate) => responder.gates.open(gate),
    waitFor: (condition) => log.waitFor(condition),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, responder: Responder): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (request.method === "POST" && path === "/v1/responses") {
    await responder.respond(request.headers, await readBody(request), response);
  } else if (request.method === "GET" && path === "/v1/models") {
    const data = [{ id: "scripted-model", object: "model", created: 0, owned_by: "orch" }];
    sendJson(response, 200, { object: "list", data });
  } else {
    sendError(response, 404, `the scripted model has no ${request.method} ${path}`, "not-found");
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new OrchError("the request is too large", { code: "request-too-large" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
