/** Signals that the engine itself takes, whatever the machine: they stand in the history and leave the snapshot as it is. */

export type EngineEvent =
  /** Stops what runs, keeps what is finished; the job starts nothing until it is told to go on. */
  { readonly type: "orch.pause" } | { readonly type: "orch.continue" };

export function isEngineEvent(event: { readonly type: string }): event is EngineEvent {
  return event.type.startsWith("orch.");
}
