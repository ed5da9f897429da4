/** What the model's service said of a failure, for a person: its message, out of the JSON and the address around it. */

/** Fields in which services put their message, in the order in which they are looked for. */
const MESSAGE_FIELDS = ["message", "error_description", "detail", "title"] as const;

/**
 * `unexpected status 401 Unauthorized: {"error":{"message":"No such key"}}, url: …` becomes `401 Unauthorized: No such key`.
 * What is in no known form stays as it is.
 */
export function serviceWords(said: string): string {
  const text = said.trim();
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  const body = from === -1 || to < from ? null : messageIn(text.slice(from, to + 1));
  if (body === null) return withoutFrame(text);
  const head = withoutFrame(text.slice(0, from).replace(/[\s:,-]+$/, ""));
  return head === "" ? body : `${head}: ${body}`;
}

function withoutFrame(text: string): string {
  return text
    .replace(/^unexpected status (?=\d{3}\b)/i, "")
    .replace(/, url: \S+$/, "")
    .trim();
}

function messageIn(json: string): string | null {
  try {
    return messageOf(JSON.parse(json), 0);
  } catch {
    return null;
  }
}

/** Services wrap what they say: `{ error: { message } }`, `{ detail: [{ msg }] }`, `{ error: "…" }`. */
function messageOf(value: unknown, depth: number): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value.trim();
  if (typeof value !== "object" || value === null || depth > 4) return null;
  if (Array.isArray(value)) return messageOf(value[0], depth + 1);
  const fields = value as Readonly<Record<string, unknown>>;
  const inner = messageOf(fields.error, depth + 1);
  if (inner !== null) return withKind(inner, fields.error);
  for (const name of [...MESSAGE_FIELDS, "msg"]) {
    const found = messageOf(fields[name], depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** Its machine-readable code is what one searches for, if the message does not say it. */
function withKind(message: string, error: unknown): string {
  const { code, type } = (typeof error === "object" && error !== null ? error : {}) as Readonly<
    Record<string, unknown>
  >;
  const kind = [code, type].find((one) => typeof one === "string" && /^[\w.-]{3,60}$/.test(one)) as string | undefined;
  return kind === undefined || message.includes(kind) ? message : `${message} (${kind})`;
}
