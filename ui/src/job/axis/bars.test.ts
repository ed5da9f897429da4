import { expect, test } from "vitest";
import { barsOf } from "./bars.ts";

const scale = { from: 0, to: 1000, width: 1000 };
const span = (phase: string, from: number, to: number | null, isNewTry = false) => ({ phase, from, to, isNewTry });

test("what a model works on is told from commands, and both from waiting", () => {
  const bars = barsOf(
    [span("settingUp", 0, 100), span("coding", 100, 400), span("awaitingApproval", 400, null)],
    scale,
    900,
  );
  expect(bars.map(({ kind, x, width }) => [kind, x, width])).toEqual([
    ["work", 0, 100],
    ["agent", 100, 300],
    ["wait", 400, 500],
  ]);
});

test("zoomed out, a thousand short spans are a few bars without a hole", () => {
  const spans = Array.from({ length: 1000 }, (_, i) => span(i % 2 ? "coding" : "checking", i, i + 1));
  const bars = barsOf(spans, scale, 1000);
  expect(bars.length).toBeLessThan(5);
  expect((bars.at(-1)?.x ?? 0) + (bars.at(-1)?.width ?? 0)).toBe(1000);
});

test("another try is never joined with the one before", () => {
  expect(barsOf([span("coding", 0, 500), span("coding", 500, 900, true)], scale, 1000)).toHaveLength(2);
});
