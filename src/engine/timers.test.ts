import { expect, test } from "vitest";
import { ManualClock } from "../core/clock.ts";
import { Timers } from "./timers.ts";

function setUp() {
  const clock = new ManualClock(1000);
  const timers = new Timers(clock);
  const fired: string[] = [];
  const set = (actorId: string, name: string, fireAt: number) =>
    timers.set(actorId, name, fireAt, () => fired.push(`${actorId} ${name} at ${clock.now()}`));
  return { clock, timers, fired, set };
}

test("promise 5: a timer fires at its time, once", () => {
  const { clock, fired, set } = setUp();
  set("job", "t", 1500);
  clock.advance(499);
  expect(fired).toEqual([]);
  clock.advance(1000);
  expect(fired).toEqual(["job t at 1500"]);
});

test("promise 5: a timer whose time has passed fires late rather than never", () => {
  const { clock, fired, set } = setUp();
  set("job", "t", 10);
  clock.advance(0);
  expect(fired).toEqual(["job t at 1000"]);
});

test("the next one is known, and whether all of them stand in the store", () => {
  const { timers, clock, set } = setUp();
  expect([timers.next(), timers.areRows()]).toEqual([Number.POSITIVE_INFINITY, true]);
  set("job", "t", 1500);
  set("job/a", "t", 1200);
  expect([timers.next(), timers.areRows()]).toEqual([1200, true]);
  timers.set("job", "u", 1300, () => {}, { isRow: false });
  expect([timers.next(), timers.areRows()]).toEqual([1200, false]);
  clock.advance(400);
  expect([timers.next(), timers.areRows()]).toEqual([1500, true]);
});

test("a timer of the same name replaces the first, one of another actor does not", () => {
  const { clock, fired, set } = setUp();
  set("job", "t", 1500);
  set("job", "t", 1800);
  set("job/a", "t", 1600);
  clock.advance(1000);
  expect(fired).toEqual(["job/a t at 1600", "job t at 1800"]);
});

test("a cancelled timer does not fire, and may be set again", () => {
  const { clock, timers, fired, set } = setUp();
  set("job", "t", 1500);
  timers.cancel("job", "t");
  timers.cancel("job", "never set");
  clock.advance(1000);
  expect(fired).toEqual([]);
  set("job", "t", 2500);
  clock.advance(1000);
  expect(fired).toEqual(["job t at 2500"]);
});

test("all timers of some actors, or of all, are cancelled at once", () => {
  const { clock, timers, fired, set } = setUp();
  set("job", "t", 1500);
  set("job/a", "t", 1500);
  set("job/a", "u", 1500);
  timers.cancelWhere((actorId) => actorId === "job/a");
  clock.advance(1000);
  expect(fired).toEqual(["job t at 1500"]);
  set("job", "t", 2500);
  timers.clear();
  clock.advance(1000);
  expect(fired).toHaveLength(1);
});
