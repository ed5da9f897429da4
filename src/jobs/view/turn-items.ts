/** A turn of an agent as items: what it was asked, what it said, the commands that it ran with what they printed. */

import { readFile } from "node:fs/promises";
import type { TurnItem } from "../../core/protocol/logs.ts";
import { type CodexEvent, type CodexItem, parseCodexEvent } from "../../services/codex/codex-events.ts";
import { LineReader } from "../../services/codex/line-reader.ts";
import { serviceWords } from "../../services/codex/service-words.ts";
import type { TurnRun } from "../../services/codex/turn-folder.ts";
import { shownText } from "./shown-text.ts";

type WithoutNumber<T> = T extends unknown ? Omit<T, "n"> : never;
type Item = WithoutNumber<TurnItem>;

const MOST_ITEMS = 50_000;
const LONGEST_TEXT = 200_000;

export class TurnItems {
  readonly #run: TurnRun;
  readonly #reader: LineReader;
  readonly #items: Item[] = [];
  #work: Promise<unknown> = Promise.resolve();

  constructor(run: TurnRun) {
    this.#run = run;
    this.#reader = new LineReader(run.events);
  }

  /** All that there is so far. */
  read(): Promise<readonly TurnItem[]> {
    const work = this.#work.then(() => this.#read());
    this.#work = work.catch(() => {});
    return work;
  }

  async #read(): Promise<readonly TurnItem[]> {
    if (this.#items.length === 0) {
      const prompt = await readFile(this.#run.prompt, "utf8").catch(() => "");
      if (prompt !== "") this.#items.push({ kind: "prompt", text: shownText(prompt, LONGEST_TEXT) });
    }
    try {
      await this.#reader.read((line, cut) => {
        const event = cut ? undefined : parseCodexEvent(line);
        if (event) this.#take(event);
      });
    } finally {
      // It goes on at the same place with the next file handle.
      await this.#reader.close();
    }
    return this.#items.map((item, n) => ({ n, ...item }) as TurnItem);
  }

  #take(event: CodexEvent): void {
    switch (event.type) {
      case "item":
        this.#takeItem(event.phase, event.item);
        break;
      case "turn-completed":
        this.#add({ kind: "usage", usage: { ...event.usage } });
        break;
      case "turn-failed":
      case "error":
        this.#add({ kind: "error", message: shownText(serviceWords(event.message), LONGEST_TEXT) });
    }
  }

  #takeItem(phase: "started" | "updated" | "completed", item: CodexItem): void {
    if (item.kind === "command") {
      const isRunning = phase !== "completed";
      const command = shownText(item.command, LONGEST_TEXT);
      const output = shownText(item.output, LONGEST_TEXT);
      const shown: Item = { kind: "command", command, output, exitCode: item.exitCode, isRunning };
      // Only the words tell which of those that run it is.
      const at = this.#items.findIndex((one) => one.kind === "command" && one.isRunning && one.command === command);
      if (at === -1) this.#add(shown);
      else this.#items[at] = shown;
      return;
    }
    if (item.kind === "todo-list") {
      const at = this.#items.findLastIndex(({ kind }) => kind === "todo-list");
      if (at === -1 || phase === "started") this.#add({ ...item });
      else this.#items[at] = { ...item };
      return;
    }
    if (phase === "completed") this.#add(shownItem(item));
  }

  #add(item: Item): void {
    if (this.#items.length < MOST_ITEMS) this.#items.push(item);
  }
}

function shownItem(item: Exclude<CodexItem, { kind: "command" }>): Item {
  switch (item.kind) {
    case "message":
    case "reasoning":
      return { kind: item.kind, text: shownText(item.text, LONGEST_TEXT) };
    case "file-change":
      return { kind: item.kind, files: item.files.map((file) => shownText(file, 1000)) };
    case "tool":
    case "other":
      return { kind: item.kind, name: shownText(item.name, 1000) };
    case "web-search":
      return { kind: item.kind, query: shownText(item.query, 1000) };
    case "error":
      return { kind: item.kind, message: shownText(item.message, LONGEST_TEXT) };
    default:
      return { ...item };
  }
}
