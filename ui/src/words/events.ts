/** The events of a history in a person's words: `xstate.done.actor.plan` is "plan finished". Unknown ones stay as they are. */

export function eventInWords(event: string): string {
  const [, kind, name] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event) ?? [];
  if (kind !== undefined) return `${name} ${kind === "done" ? "finished" : "failed"}`;
  if (event === "xstate.init") return "began";
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(event) ?? [];
  if (delay !== undefined) return /^\d+$/.test(delay) ? `after ${Number(delay) / 1000} s` : `after ${delay}`;
  return event;
}

/** `working`, or `verifying.running`, from a state value as XState writes it. Parallel regions by commas. */
export function stateInWords(state: unknown): string {
  if (typeof state === "string") return state;
  if (state === null || typeof state !== "object") return "";
  return Object.entries(state)
    .map(([key, inner]) => {
      const below = stateInWords(inner);
      return below === "" ? key : `${key}.${below}`;
    })
    .join(", ");
}
