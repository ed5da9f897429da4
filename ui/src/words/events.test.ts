import { expect, test } from "vitest";
import { eventInWords, stateInWords } from "./events.ts";

test("the engine's events are told in words, a person's as they are", () => {
  expect(
    ["xstate.init", "xstate.done.actor.plan", "xstate.error.actor.codex", "xstate.after.5000.x", "job.cancel"].map(
      eventInWords,
    ),
  ).toEqual(["began", "plan finished", "codex failed", "after 5 s", "job.cancel"]);
});

test("a state is told with those inside it, regions side by side", () => {
  expect([
    stateInWords("done"),
    stateInWords({ verifying: { running: {} } }),
    stateInWords({ a: "b", c: "d" }),
    stateInWords(null),
  ]).toEqual(["done", "verifying.running", "a.b, c.d", ""]);
});
