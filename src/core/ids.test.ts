import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "./errors.ts";
import { effectId, effectName, isSafeName, newJobId, parseJobId, printable, printableText, slug } from "./ids.ts";

test.each(["a", "add-search-1", "20300131-0905-k3x9qa", "0", "a".repeat(64)])("%j is a safe name", (name) => {
  expect(isSafeName(name)).toBe(true);
  expect(parseJobId(name)).toBe(name);
});

test.each(["", "A", "a b", "a_b", "-a", "a-", "a--b", "a.b", "..", "a/b", "a\n", "ä", "a".repeat(65), "--help"])(
  "%j is not a safe name",
  (name) => {
    expect(isSafeName(name)).toBe(false);
    expect(() => parseJobId(name)).toThrow(UsageError);
  },
);

test("a name that is refused is shown without what could harm a terminal", () => {
  expect(() => parseJobId("a\u001b[2J")).toThrow('"a·[2J" cannot be a job id');
});

test("a new job id is a safe name, says when, sorts by time, and is not given twice", () => {
  const time = Date.UTC(2030, 0, 31, 9, 5, 59);
  const ids = Array.from({ length: 1000 }, () => newJobId(time));
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^20300131-0905-[a-hjkmnp-z2-9]{6}$/);
  expect(ids.every(isSafeName)).toBe(true);
  expect(newJobId(time + 60_000) > (ids[0] as string)).toBe(true);
});

test("a slug is a safe name, whatever it is made of", () => {
  expect(slug("Füge Suche hinzu!")).toBe("fuge-suche-hinzu");
  expect(slug("  --a__b--  ")).toBe("a-b");
  expect(slug("日本")).toBe("x");
  expect(slug(`${"a".repeat(39)} b`)).toBe("a".repeat(39));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 64 }), (text, longest) => {
      const name = slug(text, longest);
      expect(isSafeName(name)).toBe(true);
      expect(name.length).toBeLessThanOrEqual(longest);
    }),
  );
});

test("an effect's id names its place, and as a name it is safe", () => {
  expect(effectId("j", 7, 0)).toBe("j:7:0");
  expect(effectName("my-job:12:3")).toBe("my-job-12-3");
  expect(isSafeName(effectName(effectId("my-job", 12, 3)))).toBe(true);
});

test("a printable text is one short line without control characters", () => {
  expect(printable("a\nb\u0000c\u007f\u009b")).toBe("a·b·c··");
  expect(printable("a".repeat(81))).toBe(`${"a".repeat(79)}…`);
  expect(printable("a".repeat(80))).toBe("a".repeat(80));
});

test("a printable text of several lines keeps them, and nothing that steers a terminal", () => {
  expect(printableText("a\r\nb\rc\td\n")).toBe("a\nb\nc\td\n");
  expect(printableText("\u001b]0;title\u0007x\u202ey\u2066z\u0000\u009b")).toBe("]0;titlexyz");
  expect(printableText("\ud800")).toBe("\ufffd");
  expect(printableText("abcdef", 4)).toBe("abc…");
});
