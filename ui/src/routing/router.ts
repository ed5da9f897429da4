/** The page's address as a signal. There are two places, the jobs and one job: a library would be larger than both. */

import { createRoot, createSignal } from "solid-js";
import { parseRoute, type Route } from "./routes.ts";

const [address, setAddress] = createRoot(() => createSignal(location.pathname + location.search));
window.addEventListener("popstate", () => setAddress(location.pathname + location.search));

/** `/jobs/x/diff?of=y`, reactive. */
export { address };

export function route(): Route {
  return parseRoute(address());
}

/** What stands behind `name=` in the address, reactive; null if nothing does. */
export function query(name: string): string | null {
  return new URL(address(), location.origin).searchParams.get(name);
}

export function go(to: string, { isReplacing = false } = {}): void {
  if (to === address()) return;
  const isOtherPage = new URL(to, location.origin).pathname !== location.pathname;
  history[isReplacing ? "replaceState" : "pushState"](null, "", to);
  setAddress(to);
  if (isOtherPage && !isReplacing) window.scrollTo(0, 0);
}

/** Changes what stands behind `name=`, leaving no step in the browser's history. */
export function setQuery(name: string, value: string | null): void {
  const url = new URL(address(), location.origin);
  if (value === null || value === "") url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  go(url.pathname + url.search, { isReplacing: true });
}
