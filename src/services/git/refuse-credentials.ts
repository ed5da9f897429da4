/** Stops a push that would carry a credential away, and says where it stands: never what it is. */

import { throwIfStopped } from "../../core/activity.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { spellings } from "../../core/redact.ts";
import { readSecretFiles } from "../commands/secret-files.ts";
import { readCopied } from "./copied-paths.ts";
import { type FoundCredential, scanForCredentials } from "./credential-scan.ts";
import type { JobRepository } from "./job-repository.ts";

export interface ScanSettings {
  /** Values of this process that are in no file of a repository: the model's key, tokens of the environment. */
  readonly secrets: readonly string[];
  /**
   * What the user lets through: a path (`fixtures/key.pem`), a folder (`fixtures/`), or a path and a kind
   * (`fixtures/key.pem:private-key`). It never counts for `secrets`.
   */
  readonly allowed: readonly string[];
}

export interface PushRange {
  readonly base: string;
  readonly head: string;
  readonly remote: string;
}

const OWN = "value of this environment";
const COPIED = "value of a copied file";
const MOST_SHOWN = 10;

/** @throws OrchError `credentials-in-result` */
export async function refuseCredentials(job: JobRepository, range: PushRange, settings: ScanSettings): Promise<void> {
  throwIfStopped(job.scope);
  const known = {
    [OWN]: spellings(settings.secrets),
    [COPIED]: spellings(readSecretFiles(job.repository.root, await readCopied(job))),
  };
  const all = await scanForCredentials(job.trees, range.base, range.head, known);
  const found = all.filter((one) => one.kind === OWN || !isAllowed(one, settings.allowed));
  if (found.length === 0) return;
  const places = found.slice(0, MOST_SHOWN).map((one) => placeOf(one, job.scope.redact));
  const more = found.length > MOST_SHOWN ? `; and ${found.length - MOST_SHOWN} more` : "";
  const exception = found.find(({ kind, path }) => kind !== OWN && path !== null);
  throw new OrchError(
    `nothing was pushed to ${range.remote}, as the result holds credentials: ${places.join("; ")}${more}`,
    {
      code: "credentials-in-result",
      hint: exception
        ? `if it is none, add ${JSON.stringify(exceptionFor(exception, job.scope.redact))} to "allowCredentials" in orch.config.json, then retry and resume the job; if it is one, take the work from the branch without it`
        : "take the work from the result's branch without it, and push that by hand",
      details: { found: places },
    },
  );
}

export function isAllowed({ path, kind }: FoundCredential, allowed: readonly string[]): boolean {
  if (path === null) return false;
  return allowed.some(
    (entry) => entry === path || entry === `${path}:${kind}` || (entry.endsWith("/") && path.startsWith(entry)),
  );
}

function placeOf({ kind, path, line, commit }: FoundCredential, redact: (text: string) => string): string {
  const at = path === null ? "the message" : printable(redact(path), 200);
  return `${at}${line === 0 ? (path === null ? "" : " (its name)") : `:${line}`} (${kind}, commit ${commit.slice(0, 12)})`;
}

const exceptionFor = ({ path, kind }: FoundCredential, redact: (text: string) => string): string =>
  `${printable(redact(path ?? ""), 300)}:${kind}`;
