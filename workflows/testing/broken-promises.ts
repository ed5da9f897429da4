/** What every workflow of ours promises wherever it stands, checked on a walk through all of its places. */

import { isErrorData } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Place } from "./place.ts";
import type { Move, Walk } from "./walk-paths.ts";

/** Inputs in which null, or an empty text, is a word of its own. All others must be there. */
const MAY_BE_NULL = ["codexModel", "threadId", "model", "feedback", "baseBranch", "push", "exitCode"];
const MAY_BE_EMPTY = ["body", "message", "outputTail"];

/**
 * Each broken promise with the shortest path to where it is broken.
 *
 * @param isGoal whether a place is where the workflow is to get: from everywhere some way must lead there
 */
export function brokenPromises<Context extends object>(
  walk: Walk<Context>,
  isGoal: (place: Place<Context>) => boolean,
): readonly string[] {
  const reaching = placesThatReach(walk, isGoal);
  const tell = (path: readonly string[], what: string) => `${["start", ...path].join(" > ")}: ${what}`;
  return [
    ...walk.places.flatMap((place) => placeProblems(place).map((what) => tell(place.path, what))),
    ...walk.places
      .filter((place) => place.status === "active" && !reaching.has(place))
      .map(({ path }) => tell(path, "no way leads to the goal any more")),
    ...walk.moves.flatMap((move) =>
      moveProblems(move).map((what) => tell([...(move.from?.path ?? []), move.name], what)),
    ),
    ...endlessLoops(walk).map((move) =>
      tell(move.from?.path ?? [], `"${move.name}" closes a loop that nobody asked for`),
    ),
  ];
}

function placeProblems<Context extends object>({ status, tags, context, running, snapshot }: Place<Context>): string[] {
  if (status === "error") return [`the machine broke: ${JSON.stringify(snapshot.error)}`];
  const problems: string[] = [];
  const ids = [...running.keys()].sort().join();
  if (status === "active" && running.size === 0 && !tags.includes("waiting") && !tags.includes("failed")) {
    problems.push("it waits for nothing and says so to nobody");
  }
  if (status === "active" && Object.keys(snapshot.children).sort().join() !== ids) {
    problems.push(
      `it runs ${ids || "nothing"}, but believes it runs ${Object.keys(snapshot.children).join() || "nothing"}`,
    );
  }
  if (status !== "active" && running.size > 0) problems.push(`it has ended, but ${ids} still runs`);
  const error: unknown = "error" in context ? context.error : undefined;
  if (tags.includes("failed") && !(isErrorData(error) && error.message && error.hint)) {
    problems.push("it has failed without saying why and what to do next");
  }
  return problems;
}

function moveProblems<Context>({ started }: Move<Context>): string[] {
  return started.flatMap(({ src, input }) =>
    missing(input, "input").map((path) => `${src} is started without ${path}`),
  );
}

/** Paths of what is not there in an input. */
function missing(value: Json | undefined, path: string): string[] {
  const key = path.slice(path.lastIndexOf(".") + 1);
  if (value === undefined || (value === null && !MAY_BE_NULL.includes(key))) return [path];
  if (value === "" && !MAY_BE_EMPTY.includes(key)) return [path];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, part]) => missing(part as Json, `${path}.${name}`));
}

function placesThatReach<Context>(
  { places, moves }: Walk<Context>,
  isGoal: (place: Place<Context>) => boolean,
): ReadonlySet<Place<Context>> {
  const before = new Map<Place<Context>, Place<Context>[]>();
  for (const { from, to } of moves) if (from) before.set(to, [...(before.get(to) ?? []), from]);
  const reaching = new Set(places.filter(isGoal));
  for (const place of reaching) for (const earlier of before.get(place) ?? []) reaching.add(earlier);
  return reaching;
}

/** Moves that lead back to where the workflow was, without a person's word on the way: it could go on like this for ever. */
function endlessLoops<Context>({ places, moves }: Walk<Context>): Move<Context>[] {
  const after = Map.groupBy(
    moves.filter(({ by }) => by === "answer"),
    ({ from }) => from,
  );
  const loops: Move<Context>[] = [];
  const state = new Map<Place<Context>, "open" | "done">();
  const visit = (place: Place<Context>) => {
    state.set(place, "open");
    for (const move of after.get(place) ?? []) {
      if (state.get(move.to) === "open") loops.push(move);
      else if (!state.has(move.to)) visit(move.to);
    }
    state.set(place, "done");
  };
  for (const place of places) if (!state.has(place)) visit(place);
  return loops;
}
