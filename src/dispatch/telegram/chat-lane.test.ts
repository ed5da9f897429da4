/** A chat is not flooded: of what happens in a hurry only the newest is said, and how a job ends comes first. */

import { expect, test } from "vitest";
import { ChatLane } from "./chat-lane.ts";

function lane() {
  const said: string[] = [];
  const talk = {
    show: async (jobId: string) => {
      said.push(`show ${jobId}`);
      return true;
    },
    conclude: async (jobId: string) => void said.push(`end ${jobId}`),
    failed: (error: unknown) => void said.push(String(error)),
  };
  return { said, talk, lane: new ChatLane(talk, new AbortController().signal) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a hundred changes of a job in a row are one change of its message, and one more when it is over", async () => {
  const { said, lane: chat } = lane();
  for (let change = 0; change < 50; change += 1) chat.change("a");
  await turn();
  for (let change = 0; change < 50; change += 1) {
    chat.change("a");
    await turn();
  }
  expect(said).toEqual(["show a"]);
  chat.end("a");
  await chat.finish();
  expect(said).toEqual(["show a", "end a"]);
});

test("an end does not wait behind the changes of other jobs, and the last words wait for nothing", async () => {
  const { said, lane: chat } = lane();
  chat.change("a");
  await turn();
  for (const job of ["b", "c"]) chat.change(job);
  chat.end("d");
  await turn();
  expect(said).toEqual(["show a", "end d"]);
  await chat.finish();
  expect(said).toEqual(["show a", "end d", "show b", "show c"]);
});

test("what cannot be said is told, and the chat goes on", async () => {
  const { said, talk, lane: chat } = lane();
  talk.show = async () => {
    throw new Error("no network");
  };
  chat.change("a");
  chat.end("b");
  await chat.finish();
  expect(said).toEqual(["end b", "Error: no network"]);
});
