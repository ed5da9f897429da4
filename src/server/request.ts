/** Reads what a client sent: parameters, queries and bodies, each checked, none longer than it may be. */

import type { z } from "zod";
import { parseJobId, printable } from "../core/ids.ts";
import { HttpError } from "./http-error.ts";

const LARGEST_BODY = 256 * 1024;

export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
}

/** @throws UsageError `bad-job-id` */
export function jobIdOf({ params }: Call): string {
  return parseJobId(params.job ?? "");
}

/** A whole number of the address. @throws HttpError `bad-request` */
export function numberOf(text: string | undefined, name: string): number {
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  throw new HttpError(400, "bad-request", `"${printable(text ?? "")}" cannot be ${name}: it must be a whole number`);
}

/** @throws HttpError `bad-request` */
export function queryOf<T>({ url }: Call, schema: z.ZodType<T>): T {
  return check(Object.fromEntries(url.searchParams), schema, "the query");
}

/** @throws HttpError `bad-request`, `body-too-large`, `not-json` */
export async function bodyOf<T>({ request }: Call, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json *(?:;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new HttpError(415, "not-json", "the body must be JSON", "send it with content-type: application/json");
  }
  const text = await readBody(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, "bad-request", "the body is not JSON");
  }
  return check(value, schema, "the body");
}

async function readBody(request: Request): Promise<string> {
  const tooLarge = () => new HttpError(413, "body-too-large", `a body may have ${LARGEST_BODY} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_BODY) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > LARGEST_BODY) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function check<T>(value: unknown, schema: z.ZodType<T>, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.length ? ` at ${printable(issue.path.join("."))}` : "";
  throw new HttpError(400, "bad-request", `${what} is wrong${where}: ${printable(issue?.message ?? "", 200)}`);
}
