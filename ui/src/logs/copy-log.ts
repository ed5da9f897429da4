/** A log's lines into the clipboard: without colours, the end of one that is long. */

import type { LogSource } from "../../../src/core/protocol/logs.ts";
import { getLogPage } from "../api/logs.ts";
import { parseAnsi } from "./ansi.ts";

export const MOST_COPIED = 50_000;
const PORTION = 5000;

export async function copyLog(job: string, { id }: LogSource): Promise<{ lines: number; isCut: boolean }> {
  const { total } = await getLogPage(job, id, { from: -1, limit: 1 });
  const first = Math.max(0, total - MOST_COPIED);
  const lines: string[] = [];
  for (let from = first; from < total; from += PORTION) {
    const page = await getLogPage(job, id, { from, limit: PORTION });
    lines.push(...page.lines.map(({ text }) => parseAnsi(text).text));
  }
  await navigator.clipboard.writeText(`${lines.join("\n")}\n`);
  return { lines: lines.length, isCut: first > 0 };
}
