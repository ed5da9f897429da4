/** Chooses the turn and the step that a conversation is at. Pure: the request alone decides. */

import { printable } from "../core/ids.ts";
import type { Conversation, GivenStep } from "./conversation.ts";
import type { Script, Step, Turn } from "./script.ts";

export interface Choice {
  readonly turn: Turn;
  /** 1 for the first step. */
  readonly step: number;
  /** That step as the script has it. */
  readonly written: Step;
  /** The user message that selected the turn. */
  readonly prompt: string;
  /** How often this step stands in the conversation already. */
  readonly attempt: number;
  /** Why a step that was given before is given again, or its command waited for; null when it is new. */
  readonly again: "interrupted" | "still-running" | "continued" | null;
  /** With `still-running`: the terminal session to wait for. */
  readonly sessionId: number | null;
}

/** The choice, or the reason why the script has no answer. */
export function choose(
  script: Script,
  conversation: Conversation,
): { readonly choice: Choice } | { readonly problem: string } {
  const { client, userMessages, given, cutOff } = conversation;
  const newest = userMessages.at(-1);
  if (newest === undefined) return { problem: "the request holds no user message" };
  const goesOn = script.continues.some((text) => newest.includes(text));

  const last = given.at(-1);
  const held = cutOff ?? (last?.state === "running" ? last : null);
  const holder = held && script.turns.find(({ name }) => name === held.turn);
  if (held && holder) {
    const prompt = userMessages.findLast((message) => matches(holder, message)) ?? newest;
    const again = held.state === "running" ? "still-running" : "interrupted";
    return { choice: { ...at(holder, held.step, prompt, given), again, sessionId: held.sessionId } };
  }

  for (const message of userMessages.toReversed()) {
    if (script.continues.some((text) => message.includes(text))) continue;
    const matching = script.turns.filter((turn) => turn.for === client && matches(turn, message));
    for (const turn of matching) {
      const step = nextStep(turn, given);
      if (step !== null) return { choice: at(turn, step, message, given) };
    }
    const finished = lastGivenOf(matching, given);
    if (!finished) continue;
    if (goesOn) return { choice: { ...at(finished, finished.steps.length, message, given), again: "continued" } };
    return {
      problem: `turn "${finished.name}" is finished in this conversation, and no other turn for ${client} matches the newest user message, which begins ${quote(newest)}`,
    };
  }
  return { problem: `no turn for ${client} matches the user message that begins ${quote(newest)}` };
}

function matches(turn: Turn, message: string): boolean {
  return turn.match.every((text) => message.includes(text));
}

/** The first step that is not done yet; null when the turn is finished. */
function nextStep(turn: Turn, given: readonly GivenStep[]): number | null {
  const latest = new Map<number, GivenStep["state"]>();
  for (const item of given) if (item.turn === turn.name) latest.set(item.step, item.state);
  for (let step = 1; step <= turn.steps.length; step++) if (latest.get(step) !== "done") return step;
  return null;
}

function lastGivenOf(turns: readonly Turn[], given: readonly GivenStep[]): Turn | undefined {
  const last = given.findLast((item) => turns.some(({ name }) => name === item.turn));
  return turns.find(({ name }) => name === last?.turn);
}

function at(turn: Turn, step: number, prompt: string, given: readonly GivenStep[]): Choice {
  const attempt = given.filter((item) => item.turn === turn.name && item.step === step).length;
  const written = turn.steps[step - 1];
  if (!written) throw new RangeError(`turn "${turn.name}" has no step ${step}`);
  return { turn, step, written, prompt, attempt, again: attempt > 0 ? "interrupted" : null, sessionId: null };
}

function quote(text: string): string {
  return JSON.stringify(printable(text, 300));
}
