/** The places that the pages have, and their addresses. Pure. */

export const JOB_TABS = ["overview", "inspector", "diff", "logs", "history"] as const;
export type JobTab = (typeof JOB_TABS)[number];

export type Route =
  | { readonly page: "jobs" }
  | { readonly page: "job"; readonly id: string; readonly tab: JobTab }
  | { readonly page: "nowhere" };

export function jobAddress(id: string, tab: JobTab = "overview"): string {
  return `/jobs/${encodeURIComponent(id)}${tab === "overview" ? "" : `/${tab}`}`;
}

export function parseRoute(path: string): Route {
  const [first, id, tab = "overview", ...more] = new URL(path, "http://here").pathname.split("/").filter(Boolean);
  if (first === undefined) return { page: "jobs" };
  if (first === "jobs" && id === undefined) return { page: "jobs" };
  if (first !== "jobs" || id === undefined || more.length > 0 || !isTab(tab)) return { page: "nowhere" };
  const name = decode(id);
  return name === null ? { page: "nowhere" } : { page: "job", id: name, tab };
}

function isTab(name: string): name is JobTab {
  return (JOB_TABS as readonly string[]).includes(name);
}

/** Null for what somebody typed, such as a lone `%`. */
function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
