/** Messages hold others' words as code, by place and length: nothing has to be escaped, and nothing is too long. */

import { expect, test } from "vitest";
import { createRedactor } from "../../core/redact.ts";
import { LONGEST_MESSAGE, MessageText } from "./message-text.ts";

const text = () => new MessageText(createRedactor(["a-known-secret-1"]));

test("others' words stand as they are, marked as code at their place", () => {
  const { text: words, entities } = text()
    .say("task: ")
    .quote("<b>*_`@admin /cancel\n https://a.example 😀")
    .line()
    .strong("done")
    .toMessage();
  expect(words).toBe("task: <b>*_`@admin /cancel https://a.example 😀\ndone");
  const marked = entities.map(({ type, offset, length }) => [type, words.slice(offset, offset + length)]);
  expect(marked).toEqual([
    ["code", "<b>*_`@admin /cancel https://a.example 😀"],
    ["bold", "done"],
  ]);
});

test("secrets, control characters and those that turn the direction of writing are taken out of others' words", () => {
  expect(text().quote("x a-known-secret-1\u001b[31m \u202eabc").toMessage().text).toBe("x [redacted][31m abc");
});

test("what is too long is cut to what a message holds, never within a character, and its marks with it", () => {
  const { text: words, entities } = text().say("x").block("😀".repeat(4000)).strong("lost").toMessage();
  expect(words.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
  expect(words.isWellFormed()).toBe(true);
  expect(entities).toEqual([{ type: "pre", offset: 1, length: words.length - 1 }]);
});
