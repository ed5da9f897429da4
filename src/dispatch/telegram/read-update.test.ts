/** What Telegram's updates mean to us. */

import type { Update } from "grammy/types";
import { expect, test } from "vitest";
import { button, readButton } from "./buttons.ts";
import { joinParts, mayGoOn } from "./long-messages.ts";
import { readUpdate } from "./read-update.ts";

const reader = { admins: [1], botName: "orch_bot" };
const from = { id: 1, is_bot: false, first_name: "A" };
let next = 1;

function message(more: Record<string, unknown>): Update {
  const id = next++;
  return {
    update_id: id,
    message: { message_id: id, date: 100, chat: { id: 5, type: "private" }, from, ...more },
  } as never;
}

const read = (more: Record<string, unknown>) => readUpdate(message(more), reader);

test.each([
  ["a text", { text: " Do it " }, { type: "task", text: "Do it", hasMedia: false }],
  ["a picture with words", { caption: "Like this", photo: [{}] }, { type: "task", text: "Like this", hasMedia: true }],
  ["a path at the start", { text: "/usr/bin is missing" }, { type: "task", text: "/usr/bin is missing" }],
  ["a mention of us", { text: "@Orch_Bot do it" }, { type: "task", text: "do it" }],
  ["a mention of another", { text: "@orch_bot2 do it" }, { type: "task", text: "@orch_bot2 do it" }],
  [
    "a link behind words",
    { text: "see 😀 this page", entities: [{ type: "text_link", offset: 7, length: 4, url: "https://a.example/" }] },
    { type: "task", text: "see 😀 this (https://a.example/) page" },
  ],
  ["a forwarded text", { text: "Fix it", forward_origin: { type: "hidden_user" } }, { type: "task", text: "Fix it" }],
  ["a command", { text: "/Retry@orch_bot job one" }, { type: "command", name: "retry", words: "job one" }],
  ["another bot's command", { text: "/retry@other_bot" }, { type: "nothing" }],
  ["a picture", { photo: [{}] }, { type: "no-text" }],
  ["somebody who joined", { new_chat_members: [] }, { type: "nothing" }],
  ["a stranger", { text: "Do it", from: { ...from, id: 2 } }, { type: "stranger" }],
  ["a group that speaks as itself", { text: "Do it", sender_chat: { id: 1, type: "group" } }, { type: "stranger" }],
  ["a channel without a sender", { text: "Do it", from: undefined }, { type: "stranger" }],
])("%s", (_what, more, meaning) => {
  expect(read(more)).toMatchObject(meaning);
});

test("a stranger's button is a stranger's, and a location that moves is nothing", () => {
  const query = { id: "q", from: { ...from, id: 2 }, chat_instance: "x", data: "cancel:job" };
  expect(readUpdate({ update_id: 1, callback_query: query } as never, reader).type).toBe("stranger");
  const { message: moved } = message({ location: {} });
  expect(readUpdate({ update_id: 1, edited_message: moved } as never, reader).type).toBe("nothing");
});

test("a text that the app has cut is joined; one that follows later, or from another, is not", () => {
  const long = "x".repeat(4000);
  const parts = [message({ text: long }), message({ text: long, date: 101 }), message({ text: "end", date: 101 })];
  expect(joinParts(parts)).toHaveLength(3);
  expect(mayGoOn(parts)).toBe(false);
  expect(mayGoOn(parts.slice(0, 2))).toBe(true);
  expect(joinParts([message({ text: long }), message({ text: "later", date: 110 })])).toHaveLength(1);
  expect(joinParts([message({ text: long }), message({ text: "x", from: { ...from, id: 2 } })])).toHaveLength(1);
  expect(joinParts([message({ text: long }), message({ text: "/cancel" })])).toHaveLength(1);
  expect(joinParts([message({ text: "short" }), message({ text: "another" })])).toHaveLength(1);
  expect(mayGoOn([])).toBe(false);
});

test("a button says which job and which plan; what is no button of ours says nothing", () => {
  const [approve] = button("approve", "telegram-7000000001-4242-17", 12);
  expect(readButton((approve as { callback_data: string }).callback_data)).toEqual({
    name: "approve",
    jobId: "telegram-7000000001-4242-17",
    plan: 12,
  });
  expect(button("approve", "x".repeat(64))).toEqual([]);
  expect([readButton("toString:job"), readButton("approve"), readButton("")]).toEqual([null, null, null]);
});
