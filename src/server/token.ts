/**
 * The token that opens the dashboard. It is kept beside the database, readable by its owner only, so that a page that is
 * open outlives a restart. The cookie holds a value made from it, not the token itself.
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OrchError } from "../core/errors.ts";

const FILE = "dashboard-token";
const SHAPE = /^[A-Za-z0-9_-]{43}$/;

export class Token {
  readonly value: string;
  /** What the cookie holds. */
  readonly cookie: string;

  constructor(value: string) {
    this.value = value;
    this.cookie = createHmac("sha256", value).update("orch dashboard cookie").digest("base64url");
  }

  isToken(given: string): boolean {
    return isSame(given, this.value);
  }

  isCookie(given: string): boolean {
    return isSame(given, this.cookie);
  }
}

/** The token of the state folder; a new one where there is none that can be used. */
export function loadToken(databasePath: string): Token {
  const path = join(dirname(databasePath), FILE);
  const known = readToken(path);
  if (known !== null) return new Token(known);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    place(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const made = readToken(path);
  if (made !== null) return new Token(made);
  throw new OrchError(`the dashboard's token cannot be kept at ${path}`, {
    code: "token-not-kept",
    hint: "check the permissions of that folder",
  });
}

/** Another dashboard may make one in the same instant: then that one's stays. What lies there and is no token goes. */
function place(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (readToken(path) === null) renameSync(draft, path);
  }
}

function readToken(path: string): string | null {
  try {
    const facts = lstatSync(path);
    if (!facts.isFile() || facts.uid !== process.getuid?.()) return null;
    // Who could read it before may have: then it is worth nothing.
    if ((facts.mode & 0o077) !== 0) return null;
    const text = readFileSync(path, "utf8").trim();
    return SHAPE.test(text) ? text : null;
  } catch {
    return null;
  }
}

/** Takes as long whatever is given. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHmac("sha256", "compare").update(text).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}
