/** A turn's events as lines for a person: what the agent said, the commands it ran, what they printed. */

import { printable } from "../../core/ids.ts";
import { type CodexEvent, type CodexItem, describeItem, parseCodexEvent } from "./codex-events.ts";
import { LineReader } from "./line-reader.ts";

/** Lines of a command's output that are shown: the last ones. */
const OUTPUT_LINES = 40;
const LONGEST_LINE = 400;

/** Reads a turn's events file, and again what was added since: for `orch logs -f`. */
export class TurnLog {
  readonly #reader: LineReader;

  constructor(eventsFile: string) {
    this.#reader = new LineReader(eventsFile);
  }

  /** The readable lines that were added since the last call. */
  async read(): Promise<string[]> {
    const lines: string[] = [];
    await this.#reader.read((line, cut) => {
      const event = cut ? undefined : parseCodexEvent(line);
      if (event) lines.push(...turnLogLines(event));
    });
    return lines;
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}

/** All of a turn's events file so far. */
export async function readTurnLog(eventsFile: string): Promise<string[]> {
  const log = new TurnLog(eventsFile);
  try {
    return await log.read();
  } finally {
    await log.close();
  }
}

/** The lines of one event; none for those that tell a person nothing. Printable: a terminal is safe. */
export function turnLogLines(event: CodexEvent): string[] {
  switch (event.type) {
    case "thread-started":
      return [`thread ${event.threadId}`];
    case "item":
      return itemLines(event.phase, event.item);
    case "turn-completed": {
      const { inputTokens, cachedInputTokens, outputTokens } = event.usage;
      return [
        `turn completed; the thread's tokens so far: ${inputTokens} in (${cachedInputTokens} cached), ${outputTokens} out`,
      ];
    }
    case "turn-failed":
      return [`turn failed: ${printable(event.message, LONGEST_LINE)}`];
    case "error":
      return [`error: ${printable(event.message, LONGEST_LINE)}`];
    case "other":
      return [];
  }
}

function itemLines(phase: "started" | "updated" | "completed", item: CodexItem): string[] {
  if (item.kind === "command") {
    if (phase === "started") return shown(item.command).map((line, index) => `${index === 0 ? "$" : " "} ${line}`);
    return phase === "completed" ? outputLines(item) : [];
  }
  if (phase !== "completed") return item.kind === "todo-list" ? [describeItem(item)] : [];
  return item.kind === "message" ? shown(item.text) : [describeItem(item, LONGEST_LINE)];
}

function outputLines(item: Extract<CodexItem, { kind: "command" }>): string[] {
  const all = item.output.trim() === "" ? [] : shown(item.output.trimEnd());
  const left = all.length - OUTPUT_LINES;
  return [
    ...(left > 0 ? [`  … ${left} lines before these`] : []),
    ...all.slice(-OUTPUT_LINES).map((line) => `  ${line}`),
    ...(item.exitCode === 0 || item.exitCode === null ? [] : [`  exit code ${item.exitCode}`]),
  ];
}

function shown(text: string): string[] {
  return text.split("\n").map((line) => printable(line.replaceAll("\t", "  "), LONGEST_LINE));
}
