import { expect, test } from "vitest";
import { arrowHead, roundedPath } from "../chart/route-path.ts";
import { clampZoom, firstZoom, keepUnder, LEAST, MOST, wholeZoom } from "./zoom.ts";

const frame = { width: 900, height: 600 };

test("a chart that fits is shown whole, a tall one so that it can be read", () => {
  expect(firstZoom({ width: 600, height: 500 }, frame)).toBe(1);
  expect(firstZoom({ width: 1000, height: 640 }, frame)).toBe(0.9);
  expect(firstZoom({ width: 800, height: 2000 }, frame)).toBe(1);
  expect(firstZoom({ width: 800, height: 2000 }, { width: 350, height: 500 })).toBeGreaterThan(0.7);
});

test("all of a chart is never larger than it is, and zoom has its bounds", () => {
  expect(wholeZoom({ width: 100, height: 100 }, frame)).toBe(1);
  expect(wholeZoom({ width: 900, height: 1200 }, frame)).toBe(0.5);
  expect([clampZoom(0.01), clampZoom(99)]).toEqual([LEAST, MOST]);
});

test("what is under the pointer stays there when it is zoomed", () => {
  const scroll = keepUnder(200, 50, 1, 2);
  expect((scroll + 50) / 2).toBe(250);
});

test("corners of lines are round, but never rounder than there is room", () => {
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 50 },
    ]),
  ).toBe("M0 0L92 0Q100 0 100 8L100 50");
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 50 },
    ]),
  ).toBe("M0 0L2 0Q4 0 4 2L4 50");
  expect(roundedPath([])).toBe("");
});

test("an arrow's head points to where its line ends", () => {
  expect(
    arrowHead([
      { x: 0, y: 0 },
      { x: 10, y: 0 },
    ]),
  ).toMatch(/^M10 0L3 /);
  expect(
    arrowHead([
      { x: 10, y: 0 },
      { x: 0, y: 0 },
    ]),
  ).toMatch(/^M0 0L7 /);
});
