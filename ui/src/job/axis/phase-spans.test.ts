import { expect, test } from "vitest";
import { EntryLog } from "../../live/entry-log.ts";
import { entry } from "../../live/history.fixture.ts";
import { PhaseSpans } from "./phase-spans.ts";

function logOf(...states: readonly (readonly [state: unknown, event?: string])[]): EntryLog {
  const log = new EntryLog();
  log.append(states.map(([state, event = "tick"], index) => entry(index + 1, { state: state as string, event })));
  return log;
}

const told = (spans: PhaseSpans, until?: number) =>
  spans.of("job", until).map(({ phase, from, to }) => [phase, from, to] as const);

test("a phase lasts from the entry that began it to the one that left it", () => {
  const spans = new PhaseSpans();
  spans.take(logOf(["preparing"], ["coding"], ["coding"], [{ checking: "running" }], ["done"]));
  expect(told(spans)).toEqual([
    ["preparing", 1000, 2000],
    ["coding", 2000, 4000],
    ["checking", 4000, 5000],
  ]);
});

test("another try of a failed actor is a span of its own, after a gap", () => {
  const spans = new PhaseSpans();
  spans.take(logOf(["coding", "xstate.init"], ["failed"], ["coding", "xstate.init"]));
  expect(spans.of("job")).toEqual([
    { phase: "coding", from: 1000, to: 2000, isNewTry: false },
    { phase: "coding", from: 3000, to: null, isNewTry: true },
  ]);
});

test("at a point of the past, what came later is not known", () => {
  const spans = new PhaseSpans();
  spans.take(logOf(["preparing"], ["coding"], ["checking"], ["done"]));
  expect(told(spans, 2500)).toEqual([
    ["preparing", 1000, 2000],
    ["coding", 2000, null],
  ]);
});

test("what is read bit by bit is the same as what is read at once", () => {
  const whole = logOf(["a"], ["b"], ["a"], ["b"], ["done"]);
  const atOnce = new PhaseSpans();
  atOnce.take(whole);
  const growing = new EntryLog();
  const bitByBit = new PhaseSpans();
  for (const one of whole.since(0)) {
    growing.append([one]);
    bitByBit.take(growing);
  }
  expect(bitByBit.of("job")).toEqual(atOnce.of("job"));
});

test("an agent that is sent back ten thousand times stays a few bars, of the whole time", () => {
  const log = new EntryLog();
  log.append(
    Array.from({ length: 10_000 }, (_, index) => entry(index + 1, { state: index % 2 ? "coding" : "checking" })),
  );
  const spans = new PhaseSpans();
  spans.take(log);
  const found = spans.of("job");
  expect(found.length).toBeLessThan(200);
  expect([found[0]?.from, found.at(-1)?.to]).toEqual([1000, null]);
});
