/** What a running job tells those who watch it in the same process, after it is committed. */

import type { ErrorData } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { ActivityRecord, Step } from "../store/store.ts";

type WatchedActivity = Pick<ActivityRecord, "effectId" | "actorId" | "name" | "input" | "attempt">;

export type JobUpdate =
  | { readonly type: "step"; readonly step: Step }
  | { readonly type: "attempt"; readonly activity: WatchedActivity }
  | { readonly type: "heartbeat"; readonly activity: WatchedActivity; readonly details: Json }
  | {
      readonly type: "retry";
      readonly activity: WatchedActivity;
      readonly error: ErrorData;
      /** When the next attempt starts, in milliseconds since the epoch. */
      readonly dueAt: number;
    };
