/**
 * Gives a Node in the sandbox its output back. Where one Node starts another, the pipes between them are sockets, and no system
 * call for sockets works in the sandbox: the inner one cannot tell what its output is, and drops all of it. Test runners
 * that start a process for each file would tell that something failed, and not what.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs before anything else of each Node: CommonJS, as `--require` wants it. The plain `Writable` is the one that drops. */
const PRELOAD = `"use strict";
const { Writable } = require("node:stream");
const { writeSync } = require("node:fs");
for (const [name, fd] of [["stdout", 1], ["stderr", 2]]) {
  const own = Object.getOwnPropertyDescriptor(process, name);
  let stream;
  const write = (chunk) => {
    for (let done = 0; done < chunk.length; ) {
      try {
        done += writeSync(fd, chunk, done);
      } catch (error) {
        if (error.code !== "EAGAIN") throw error;
      }
    }
  };
  const make = () => {
    const given = own.get.call(process);
    if (given.constructor !== Writable) return given;
    const made = new Writable({
      write(chunk, _encoding, done) {
        try {
          write(chunk);
          done();
        } catch (error) {
          done(error);
        }
      },
    });
    return Object.assign(made, { fd, _isStdio: true, destroySoon: made.destroy });
  };
  Object.defineProperty(process, name, { ...own, get: () => (stream ??= make()) });
}
`;

/**
 * Writes what Node is to run first into `folder` and returns the environment that makes it so.
 *
 * @param folder absolute path, readable in the sandbox and not writable there
 */
export function nodeOutput(folder: string): { readonly NODE_OPTIONS: string } {
  const file = join(folder, "node-output.cjs");
  writeFileSync(file, PRELOAD, { mode: 0o600 });
  // A JSON string is a quoted word of NODE_OPTIONS.
  return { NODE_OPTIONS: `--require ${JSON.stringify(file)}` };
}
