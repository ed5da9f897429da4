/** Ids of actors are paths: `job` is a job's root machine, `job/parser` its child `parser`, and so on down. */

export const ROOT_ACTOR = "job";

export function childActorId(parentId: string, invokeId: string): string {
  return `${parentId}/${encodeURIComponent(invokeId)}`;
}

/** The id of the actor's parent and the id that the parent knows it by; null for the root. */
export function parentOf(actorId: string): { readonly actorId: string; readonly invokeId: string } | null {
  const slash = actorId.lastIndexOf("/");
  if (slash < 0) return null;
  return { actorId: actorId.slice(0, slash), invokeId: decodeURIComponent(actorId.slice(slash + 1)) };
}

/** Whether the actor is that one or stands below it. */
export function isWithin(actorId: string, ancestorId: string): boolean {
  return actorId === ancestorId || actorId.startsWith(`${ancestorId}/`);
}
