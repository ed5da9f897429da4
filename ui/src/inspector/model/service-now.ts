/** What a service or child machine of an active state is doing at the point that is shown, in a mark and a few signs. */

import type { MarkedState } from "../../design/state-mark.tsx";
import type { NodeRow } from "../chart/node-rows.ts";
import type { Inspector } from "./inspector.ts";

export interface ServiceNow {
  readonly state: MarkedState;
  readonly words: string;
}

export function serviceNow(inspector: Inspector, { kind, service, workflow }: NodeRow): ServiceNow | null {
  if (kind !== "invoke" && kind !== "spawn") return null;
  if (workflow !== null) return childrenNow(inspector, kind === "invoke" ? service : null, workflow);
  const activity = inspector.detail()?.activities.find(({ invokeId }) => invokeId === service);
  if (activity === undefined) return null;
  const words = (activity.attempt ?? 0) > 1 ? `try ${activity.attempt}` : "";
  if (activity.status === "failed") return { state: "failed", words };
  if (activity.status === "completed") return { state: "done", words };
  if (activity.status === "cancelled") return { state: "cancelled", words };
  return { state: activity.dueAt === null ? "running" : "retrying", words };
}

/** How many run, of how many that were begun. */
function childrenNow({ scope, actorId }: Inspector, invokeId: string | null, workflow: string): ServiceNow | null {
  const all = scope
    .actors()
    .filter(
      (one) => one.parentId === actorId() && one.workflow === workflow && (invokeId ?? one.invokeId) === one.invokeId,
    );
  if (all.length === 0) return null;
  const running = all.filter(({ status }) => status === "active").length;
  const state = running > 0 ? "running" : all.some(({ status }) => status === "error") ? "failed" : "done";
  return { state, words: invokeId === null ? `${running} / ${all.length}` : "" };
}
