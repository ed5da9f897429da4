/** What is known of a turn from the events that Codex printed so far. Pure: one event in, the next state out. */

import { printable } from "../../core/ids.ts";
import { maxUsage, noUsage, type TokenUsage } from "../../core/usage.ts";
import { type CodexEvent, describeItem } from "./codex-events.ts";

export interface TurnState {
  readonly threadId: string | null;
  /** What the whole thread has cost so far, once Codex has said it. */
  readonly usage: TokenUsage | null;
  /** The agent's last message. */
  readonly message: string;
  /** What the agent does now, in a few printable words. */
  readonly line: string;
  /** Whether the model has answered anything: then it knows its instructions. */
  readonly answered: boolean;
  readonly completed: boolean;
  /** Why the turn failed, as Codex said it. */
  readonly failure: string | null;
  /** The last error that Codex reported, be it fatal or not. */
  readonly lastError: string | null;
}

export const freshTurn: TurnState = {
  threadId: null,
  usage: null,
  message: "",
  line: "",
  answered: false,
  completed: false,
  failure: null,
  lastError: null,
};

export function advance(state: TurnState, event: CodexEvent): TurnState {
  switch (event.type) {
    case "thread-started":
      return { ...state, threadId: event.threadId };
    case "item": {
      const { item } = event;
      return {
        ...state,
        line: describeItem(item) || state.line,
        answered: state.answered || item.kind !== "error",
        ...(item.kind === "message" && { message: item.text }),
        ...(item.kind === "error" && { lastError: item.message }),
      };
    }
    case "turn-completed":
      return { ...state, completed: true, usage: maxUsage(state.usage ?? noUsage, event.usage) };
    case "turn-failed":
      return { ...state, failure: event.message };
    case "error":
      return { ...state, lastError: event.message, line: printable(event.message, 120) };
    case "other":
      return state;
  }
}
