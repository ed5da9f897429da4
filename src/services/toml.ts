/** Values as TOML, as Codex wants them on its command line. */

/** Strings, numbers, booleans, lists and tables. A JSON string is a TOML string. */
export function toToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toToml).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, part]) => `${key}=${toToml(part)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}
