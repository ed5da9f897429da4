/** Who this process is, for the lease of a job, and whether the holder of a lease is certainly dead. */

import { hostname } from "node:os";
import { identifyProcess, isGoneFromHere } from "./process-identity.ts";

interface Owner {
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  readonly processStart: string;
}

export async function thisOwner(): Promise<Owner> {
  const identity = await identifyProcess(process.pid);
  return {
    host: hostname(),
    bootId: identity?.bootId ?? "",
    pid: process.pid,
    processStart: identity?.startTime ?? "",
  };
}

/** False when in doubt: an owner on another host may be alive for all that can be seen from here. */
export function isGone({ host, bootId, pid, processStart }: Owner): boolean {
  return host === hostname() && isGoneFromHere({ pid, startTime: processStart, bootId });
}
