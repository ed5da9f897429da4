import { expect, onTestFinished, test } from "vitest";
import { ManualClock, systemClock } from "./clock.ts";

test("a manual clock stands still until it is told to move", () => {
  const clock = new ManualClock(1000);
  expect(clock.now()).toBe(1000);
  clock.advance(5);
  clock.advance(0);
  expect(clock.now()).toBe(1005);
});

test("timers fire each at its own moment, in order, with the clock at that moment", () => {
  const clock = new ManualClock(0);
  const fired: unknown[] = [];
  const note = (name: string) => () => fired.push([name, clock.now()]);
  clock.setTimer(note("late"), 20);
  clock.setTimer(note("early"), 10);
  clock.setTimer(note("early too"), 10);
  clock.setTimer(note("past"), -5);
  clock.setTimer(note("never"), 21);
  clock.advance(20);
  expect(fired).toEqual([
    ["past", 0],
    ["early", 10],
    ["early too", 10],
    ["late", 20],
  ]);
});

test("timers that timers set fire in the same move, if their time comes in it", () => {
  const clock = new ManualClock(0);
  const fired: number[] = [];
  const again = () => {
    fired.push(clock.now());
    clock.setTimer(again, 10);
  };
  clock.setTimer(again, 10);
  clock.advance(35);
  expect([fired, clock.now()]).toEqual([[10, 20, 30], 35]);
});

test("an undone timer does not fire, also when a timer of the same moment undoes it", () => {
  const clock = new ManualClock(0);
  const fired: string[] = [];
  const undo = clock.setTimer(() => fired.push("undone"), 10);
  clock.setTimer(() => undoOther(), 20);
  const undoOther = clock.setTimer(() => fired.push("undone too"), 20);
  undo();
  undo();
  clock.advance(30);
  expect(fired).toEqual([]);
});

test("the system's clock fires, and does not fire what was undone", async () => {
  const fired: string[] = [];
  const undo = systemClock.setTimer(() => fired.push("undone"), 1);
  undo();
  await new Promise<void>((resolve) => systemClock.setTimer(resolve, 5));
  await new Promise<void>((resolve) => systemClock.setTimer(resolve, -1));
  expect(fired).toEqual([]);
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
});

test("the system's clock does not take a wait of months for none", async () => {
  // Node fires at once, with a warning, what is to wait longer than 2^31 - 1 ms.
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  let fired = false;
  const undo = systemClock.setTimer(() => {
    fired = true;
  }, 2 ** 32);
  await new Promise<void>((resolve) => systemClock.setTimer(resolve, 20));
  undo();
  expect([fired, warnings]).toEqual([false, []]);
});
