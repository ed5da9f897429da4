/** Machines as charts, their actors at any point, and the events that they can take now. */

import { type ActorDetail, actorDetailSchema } from "../../../src/core/protocol/history.ts";
import {
  type Chart,
  chartSchema,
  type PossibleEvents,
  possibleEventsSchema,
} from "../../../src/core/protocol/machine.ts";
import { get, path } from "./request.ts";

export const getChart = (name: string, version: number): Promise<Chart> =>
  get(chartSchema, path`/machines/${name}/${version}`);

/** As it is now. For a point of the past: `getPoint`. */
export const getActor = (job: string, id: string, signal?: AbortSignal): Promise<ActorDetail> =>
  get(actorDetailSchema, path`/jobs/${job}/actor`, { id }, signal);

export const getPossibleEvents = (job: string): Promise<PossibleEvents> =>
  get(possibleEventsSchema, path`/jobs/${job}/events`);
