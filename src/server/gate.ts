/**
 * Who may ask what: the host that is asked for, the page that asks, the token. The server listens on loopback only, but any
 * page in the user's browser, and any user of the machine, can reach that.
 */

import { HttpError } from "./http-error.ts";
import type { Token } from "./token.ts";

export class Gate {
  readonly #token: Token;
  readonly cookieName: string;
  readonly #hosts: ReadonlySet<string>;

  constructor(token: Token, port: number) {
    this.#token = token;
    // Cookies don't tell ports apart: each dashboard has its own.
    this.cookieName = `orch_${port}`;
    this.#hosts = new Set(["127.0.0.1", "localhost"].map((name) => `${name}:${port}`));
  }

  /** A name that leads to this machine by somebody else's DNS is not ours. @throws HttpError `bad-host` */
  checkHost(headers: Headers): void {
    const host = headers.get("host")?.toLowerCase() ?? "";
    if (this.#hosts.has(host)) return;
    throw new HttpError(
      403,
      "bad-host",
      "this server is not reached by that name",
      `open http://${[...this.#hosts][0]}/`,
    );
  }

  /** A browser says which page asks; another one's is refused. @throws HttpError `bad-origin` */
  checkOrigin(headers: Headers): void {
    const origin = headers.get("origin");
    const site = headers.get("sec-fetch-site");
    const isOurs = origin === null || origin === `http://${headers.get("host")?.toLowerCase()}`;
    if (isOurs && (site === null || site === "same-origin" || site === "none")) return;
    throw new HttpError(403, "bad-origin", "another site's page may not ask this server");
  }

  /** By cookie, or (curl) by `Authorization: Bearer`. */
  isKnown(headers: Headers): boolean {
    const bearer = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined && this.#token.isToken(bearer)) return true;
    return cookies(headers).some(([name, value]) => name === this.cookieName && this.#token.isCookie(value));
  }

  /** @throws HttpError `no-token` */
  checkToken(headers: Headers): void {
    if (this.isKnown(headers)) return;
    throw new HttpError(
      401,
      "no-token",
      "this browser has not been let in",
      'open the link that "orch dashboard" printed when it started',
    );
  }

  /** The header that lets a browser in; null if that is not the token. */
  letIn(given: string): string | null {
    if (!this.#token.isToken(given)) return null;
    return `${this.cookieName}=${this.#token.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`;
  }
}

function cookies(headers: Headers): [string, string][] {
  return (headers.get("cookie") ?? "").split(";").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}
