/** Tells a watcher of a turn what Codex prints: its output as lines, and each tool that it has called. */

import type { ToolCall, Worker, WorkWatch } from "../../core/work-watch.ts";
import type { CodexEvent, CodexItem } from "./codex-events.ts";
import { turnLogLines } from "./turn-log.ts";

/** Calls that run at a time are few; one whose end never came must not be kept for ever. */
const MOST_OPEN = 1000;
/** What Codex prints is read five times a second: what took less is not known. */
const SHORTEST_MS = 200;

export function watchTurn(watch: WorkWatch, worker: Worker, now: () => number): (event: CodexEvent) => void {
  const begun = new Map<string, number>();
  const tookMs = (id: string) => {
    const at = begun.get(id);
    begun.delete(id);
    const took = at === undefined ? 0 : now() - at;
    return took < SHORTEST_MS ? null : took;
  };
  return (event) => {
    const lines = watch.onOutput ? turnLogLines(event) : [];
    if (lines.length > 0) watch.onOutput?.(worker, lines);
    if (event.type !== "item") return;
    if (event.phase === "started" && begun.size < MOST_OPEN) begun.set(event.id, now());
    if (event.phase !== "completed") return;
    const call = toolCallOf(event.item);
    const took = tookMs(event.id);
    if (call) watch.onToolCall?.(worker, { ...call, tookMs: took });
  };
}

/** Null for what is no tool: words, thoughts. */
function toolCallOf(item: CodexItem): Omit<ToolCall, "tookMs"> | null {
  switch (item.kind) {
    case "command":
      return {
        tool: "shell",
        arguments: item.command,
        outcome: item.exitCode === null ? "no exit code" : `exit code ${item.exitCode}`,
      };
    case "file-change":
      return { tool: "edit", arguments: item.files.join(" "), outcome: "" };
    case "tool":
      return { tool: item.name, arguments: "", outcome: "" };
    case "web-search":
      return { tool: "web search", arguments: item.query, outcome: "" };
    default:
      return null;
  }
}
