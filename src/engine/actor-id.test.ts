import { expect, test } from "vitest";
import { childActorId, isWithin, parentOf, ROOT_ACTOR } from "./actor-id.ts";

test("a child's id names its parent and the id that the parent knows it by", () => {
  const id = childActorId(childActorId(ROOT_ACTOR, "a/b"), "c d");
  expect(id).toBe("job/a%2Fb/c%20d");
  expect(parentOf(id)).toEqual({ actorId: "job/a%2Fb", invokeId: "c d" });
  expect(parentOf("job/a%2Fb")).toEqual({ actorId: "job", invokeId: "a/b" });
  expect(parentOf(ROOT_ACTOR)).toBeNull();
});

test("an actor is within itself and those above it, not within one whose id begins alike", () => {
  expect(isWithin("job/a", "job/a")).toBe(true);
  expect(isWithin("job/a/b", "job/a")).toBe(true);
  expect(isWithin("job/ab", "job/a")).toBe(false);
  expect(isWithin("job", "job/a")).toBe(false);
});
