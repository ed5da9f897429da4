import { expect, test } from "vitest";
import { shownText } from "./shown-text.ts";

test("colours stay; titles, links, cursor moves, bells and turned text do not", () => {
  const red = "\u001b[1;31mred\u001b[0m";
  expect(shownText(`a ${red}\tb`, 100)).toBe(`a ${red}\tb`);
  expect(shownText("\u001b]0;title\u0007x\u001b]8;;http://e\u001b\\y\u001b[2J\u001b[3Az\u0007\b\u202e!", 100)).toBe(
    "xyz!",
  );
  expect(shownText("\u001b", 100)).toBe("");
  expect(shownText("a\r\nb\rc", 100)).toBe("a\nb\nc");
  expect(shownText("abcdef", 4)).toBe("abc…");
});
