/** One timer for all who sleep. */

import { expect, test } from "vitest";
import { ManualClock } from "../core/clock.ts";
import { Alarm } from "./alarm.ts";

function setUp() {
  const clock = new ManualClock(0);
  const woken: [name: string, at: number][] = [];
  let timers = 0;
  const counting = {
    now: () => clock.now(),
    setTimer: (callback: () => void, delayMs: number) => {
      timers += 1;
      return clock.setTimer(callback, delayMs);
    },
  };
  const alarm = new Alarm<string>(counting, (name) => woken.push([name, clock.now()]));
  return { clock, alarm, woken, timers: () => timers };
}

test("each is woken once, at its time, the earliest first", () => {
  const { clock, alarm, woken } = setUp();
  for (const [name, at] of [
    ["c", 300],
    ["a", 100],
    ["b", 200],
    ["d", 300],
    ["never", Number.POSITIVE_INFINITY],
  ] as const) {
    alarm.set(name, at);
  }
  clock.advance(99);
  expect(woken).toEqual([]);
  clock.advance(10_000);
  expect(woken).toEqual([
    ["a", 100],
    ["b", 200],
    ["c", 300],
    ["d", 300],
  ]);
});

test("a thousand that sleep until later take no further timer", () => {
  const { alarm, timers } = setUp();
  alarm.set("first", 10);
  for (let number = 0; number < 1000; number += 1) alarm.set(`later-${number}`, 2000 - number);
  expect(timers()).toBe(1);
});

test("who was woken by something else is not woken again, and may sleep anew", () => {
  const { clock, alarm, woken } = setUp();
  alarm.set("a", 100);
  alarm.set("b", 200);
  alarm.clear("a");
  alarm.clear("nobody");
  alarm.set("b", 150);
  clock.advance(120);
  alarm.set("a", 180);
  clock.advance(200);
  expect(woken).toEqual([
    ["b", 150],
    ["a", 180],
  ]);
});

test("when nobody sleeps any more no timer is left; a time that has passed rings at once", () => {
  const { clock, alarm, woken, timers } = setUp();
  alarm.set("a", 100);
  alarm.clear("a");
  clock.advance(1000);
  expect([woken, timers()]).toEqual([[], 1]);
  alarm.set("late", 5);
  clock.advance(0);
  expect(woken).toEqual([["late", 1000]]);
});
