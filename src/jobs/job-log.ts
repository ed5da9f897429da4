/** A job's `orchestrator.log`: one line for each thing that happened, appended, without secrets. */

import { appendFileSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { LogFields, Logger } from "../core/log.ts";
import type { Redact } from "../core/redact.ts";

/** Lines that wait for the job's folder, which an activity of the job makes; later ones push the first out. */
const MOST_WAITING_LINES = 1000;

export function openJobLog(path: string, redact: Redact): Logger {
  let waiting: string[] = [];
  const write = (level: string, message: string, fields: LogFields = {}) => {
    const details = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
    waiting.push(redact(`${new Date().toISOString()} ${level} ${oneLine(message)}${details.join("")}\n`));
    if (waiting.length > MOST_WAITING_LINES) waiting.shift();
    try {
      if (!existsSync(dirname(path))) return;
      appendFileSync(path, waiting.join(""));
      waiting = [];
    } catch {
      // A full disk must not end the job for the sake of its log; the lines wait for the next one.
    }
  };
  return {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info ", message, fields),
    warn: (message, fields) => write("warn ", message, fields),
    error: (message, fields) => write("error", message, fields),
  };
}

function oneLine(text: string): string {
  return text.replace(/\r?\n/g, "\\n");
}
