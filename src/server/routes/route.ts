/** The shape of a route. */

import type { ServerContext } from "../context.ts";
import type { Call } from "../request.ts";

export interface Route {
  readonly method: "GET" | "POST";
  /** As h3 matches it: `/api/jobs/:job`. */
  readonly path: string;
  /** Answers what is sent as JSON, or a whole response. */
  readonly answer: (call: Call, context: ServerContext) => unknown;
}

export function get(path: string, answer: Route["answer"]): Route {
  return { method: "GET", path, answer };
}

export function post(path: string, answer: Route["answer"]): Route {
  return { method: "POST", path, answer };
}
