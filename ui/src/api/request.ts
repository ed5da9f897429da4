/** One request to the server: its answer checked against the protocol's schema, or an ApiError. */

import { z } from "zod";
import { errorBodySchema } from "../../../src/core/protocol/common.ts";
import { ApiError } from "./api-error.ts";

// Zod would otherwise try `new Function`, which the page's policy refuses with a message in the console.
z.config({ jitless: true });

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** @param path below `/api`, its parts encoded already (see `path`) */
export function get<T>(schema: z.ZodType<T>, path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return request(schema, `${path}${toSearch(query)}`, signal === undefined ? {} : { signal });
}

export function post<T>(schema: z.ZodType<T>, path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  return request(schema, path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** `path`/jobs/${id}/diff``: a path whose values are encoded. */
export function path(words: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: words }, ...values.map((value) => encodeURIComponent(value)));
}

async function request<T>(schema: z.ZodType<T>, address: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api${address}`, { credentials: "same-origin", ...init }).catch((error: unknown) => {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, {
      code: "no-answer",
      message: "the dashboard's server does not answer",
      hint: "see whether `orch dashboard` still runs in its terminal",
    });
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, refusalOf(body, response.status));
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError(response.status, {
    code: "bad-answer",
    message: `the server's answer to ${address} is not what this page knows (${z.prettifyError(parsed.error).slice(0, 300)})`,
    hint: "reload the page: the server may be a newer one",
  });
}

function refusalOf(body: unknown, status: number): { code: string; message: string; hint?: string | undefined } {
  const parsed = errorBodySchema.safeParse(body);
  return parsed.success ? parsed.data.error : { code: "http", message: `the server answered with status ${status}` };
}

function toSearch(query: Query): string {
  const said = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return said.length === 0 ? "" : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`;
}
