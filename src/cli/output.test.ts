import { EventEmitter } from "node:events";
import type { WriteStream } from "node:tty";
import { expect, test } from "vitest";
import { Output } from "./output.ts";

/** A terminal, or a pipe, that keeps what is written. */
function stream(isTTY: boolean) {
  const written: string[] = [];
  const target = Object.assign(new EventEmitter(), { isTTY, write: (text: string) => written.push(text) });
  const output = new Output(target as unknown as WriteStream, (text) => text.replaceAll("secret", "[redacted]"));
  const drawing = { hide: () => void written.push("<hide>"), show: () => void written.push("<show>") };
  return { written, target, output, drawing };
}

test("on a terminal a line takes away what is drawn below, and has it drawn again", () => {
  const { written, output, drawing } = stream(true);
  output.writeAbove(drawing);
  output.lines(["one", "a secret"]);
  output.writeAbove(null);
  output.line("two");
  expect(written).toEqual(["<hide>", "one\na [redacted]\n", "<show>", "two\n"]);
});

test("where nothing can be drawn, and when nobody reads any more, nothing is taken away", () => {
  const pipe = stream(false);
  pipe.output.writeAbove(pipe.drawing);
  pipe.output.line("one");
  expect(pipe.written).toEqual(["one\n"]);
  const gone = stream(true);
  gone.output.writeAbove(gone.drawing);
  gone.target.emit("error", new Error("EPIPE"));
  gone.output.line("one");
  expect(gone.written).toEqual([]);
});
