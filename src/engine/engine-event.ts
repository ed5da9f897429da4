/** Signals that the engine itself takes, whatever the machine: they stand in the history, and its state is as it was. */

export type EngineEvent =
  /** Stops what runs, keeps what is finished; the job starts nothing until it is told to go on. */
  | { readonly type: "orch.pause" }
  | { readonly type: "orch.continue" }
  /** Ends the job for good, in whatever state its machine is: for machines that have no word of their own for it. */
  | { readonly type: "orch.cancel" };

export function isEngineEvent(event: { readonly type: string }): event is EngineEvent {
  return event.type.startsWith("orch.");
}
