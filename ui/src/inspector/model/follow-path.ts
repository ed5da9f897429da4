/** Keeps the way of the actor that is looked at up to date with the stream. */

import { type Accessor, createMemo } from "solid-js";
import type { JobScope } from "../../live/job-scope.ts";
import { ActorPath } from "../path/actor-path.ts";
import type { Machine } from "./machines.ts";

export interface FollowedPath {
  readonly path: ActorPath;
  /** Number of the last entry that it has seen. */
  readonly seen: number;
}

/** @returns a new object each time that the path has grown; the path in it is the same */
export function followPath(
  scope: JobScope,
  lastSeq: Accessor<number>,
  actorId: Accessor<string>,
  machine: Accessor<Machine | undefined>,
): Accessor<FollowedPath | undefined> {
  let of: { actor: string; machine: Machine; log: JobScope["entries"] } | undefined;
  let path: ActorPath;
  let seen = 0;
  return createMemo<FollowedPath | undefined>((held) => {
    const last = lastSeq();
    const actor = actorId();
    const drawn = machine();
    const log = scope.entries;
    if (drawn === undefined) return undefined;
    const isOther = of?.actor !== actor || of.machine !== drawn || of.log !== log;
    if (isOther) {
      of = { actor, machine: drawn, log };
      path = new ActorPath(drawn.index);
      seen = 0;
    }
    const before = path.length;
    for (let seq = seen + 1; seq <= last; seq++) {
      const entry = log.actorOf(seq) === actor ? log.get(seq) : undefined;
      if (entry) path.take(entry);
    }
    seen = last;
    return isOther || held === undefined || path.length > before ? { path, seen } : held;
  });
}
