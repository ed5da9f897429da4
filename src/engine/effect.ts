/** What a transition wants done, as plain data. */

import type { ExecutableActionObject } from "xstate";
import type { Json } from "../core/json.ts";

export type Effect =
  | { readonly type: "invoke"; readonly id: string; readonly src: string; readonly input: Json }
  | { readonly type: "stop"; readonly id: string }
  /** `sendId` is null where the machine gave none: such a timer can only fire, not be cancelled by name. */
  | { readonly type: "timer"; readonly sendId: string | null; readonly event: Json; readonly delayMs: number }
  | { readonly type: "cancel-timer"; readonly sendId: string }
  | { readonly type: "send"; readonly to: SendTarget; readonly event: Json }
  | { readonly type: "emit"; readonly event: Json };

export type SendTarget =
  | { readonly type: "parent" }
  | { readonly type: "self" }
  | { readonly type: "child"; readonly id: string };

interface ActorLike {
  readonly id: string;
}

interface ActionParams {
  readonly id?: unknown;
  readonly sendId?: string;
  readonly src?: unknown;
  readonly input?: unknown;
  readonly actorRef?: ActorLike;
  readonly event?: unknown;
  readonly delay?: number;
  readonly to?: unknown;
  readonly targetId?: string;
  readonly systemId?: string;
}

/**
 * The effect of one of XState's executable actions, or null for one that does nothing outside (a log line).
 *
 * @param parent the reference that stands for the actor's parent in the transition, to tell `sendParent` by
 * @throws Error for an action that cannot be carried out durably
 */
export function toEffect(action: ExecutableActionObject, self: object, parent: object): Effect | null {
  const params = action.params as ActionParams;
  switch (action.type) {
    case "xstate.spawnChild":
      return { type: "invoke", ...childOf(params), input: (params.input ?? null) as Json };
    case "xstate.stopChild":
      // Nobody to stop: the child was stopped before.
      return action.params === undefined ? null : { type: "stop", id: idOf(action.params) };
    case "xstate.raise":
      // Without a delay the event was already handled inside the transition.
      if (params.delay === undefined) return null;
      return {
        type: "timer",
        sendId: (params.id as string | undefined) ?? null,
        event: params.event as Json,
        delayMs: params.delay,
      };
    case "xstate.cancel":
      return { type: "cancel-timer", sendId: String(params.sendId) };
    case "xstate.sendTo":
      if (params.delay !== undefined) {
        throw new Error("a delayed sendTo cannot be made durable: let the receiving machine raise with a delay");
      }
      return { type: "send", to: targetOf(params, self, parent), event: params.event as Json };
    case "xstate.emit":
      return { type: "emit", event: params.event as Json };
    case "xstate.log":
      return null;
    default:
      throw new Error(`the action "${action.type}" is not the engine's to run: let an activity do it`);
  }
}

function childOf(params: ActionParams): { id: string; src: string } {
  const { src, actorRef, systemId } = params;
  if (typeof src !== "string") {
    throw new Error("an actor was started from inline logic: name it in setup() and start it by its name");
  }
  if (params.id === undefined) {
    throw new Error(`the actor "${src}" was started without an id: XState's own would not be the same after a restart`);
  }
  if (systemId !== undefined) {
    throw new Error(`the actor "${src}" was given a systemId: actors are known by their ids only`);
  }
  if (!actorRef) throw new Error(`the actor "${src}" is not declared in setup()`);
  return { id: actorRef.id, src };
}

function idOf(reference: unknown): string {
  if (typeof reference === "string") return reference;
  return (reference as ActorLike).id;
}

function targetOf(params: ActionParams, self: object, parent: object): SendTarget {
  if (params.to === parent) return { type: "parent" };
  if (params.to === self) return { type: "self" };
  const id = params.targetId ?? (typeof params.to === "string" ? params.to : (params.to as ActorLike).id);
  return { type: "child", id };
}
