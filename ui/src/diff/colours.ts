/** Asks the worker for colours. A text that takes too long stays without; the worker is then begun anew. */

import type { Mark } from "../text/segments.ts";

export interface ColourRequest {
  readonly id: number;
  readonly language: string;
  readonly lines: readonly string[];
}

export interface ColourAnswer {
  readonly id: number;
  readonly lines: readonly (readonly Mark[])[] | null;
}

const MOST_CHARACTERS = 1_000_000;
const LIMIT_MS = 8000;

interface Waiting {
  readonly answer: (lines: ColourAnswer["lines"]) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

/** Null: no colours for these. */
export function askColours(language: string, lines: readonly string[]): Promise<ColourAnswer["lines"]> {
  if (lines.reduce((sum, { length }) => sum + length, 0) > MOST_CHARACTERS) return Promise.resolve(null);
  return new Promise((answer) => {
    last += 1;
    waiting.set(last, { answer, timer: setTimeout(startAnew, LIMIT_MS) });
    theWorker().postMessage({ id: last, language, lines } satisfies ColourRequest);
  });
}

function theWorker(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./colour.worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<ColourAnswer>) => {
    const request = waiting.get(data.id);
    waiting.delete(data.id);
    clearTimeout(request?.timer);
    request?.answer(data.lines);
  });
  worker.addEventListener("error", startAnew);
  return worker;
}

/** Everything that waits stays without colours: it cannot be told which of them it was. */
function startAnew(): void {
  worker?.terminate();
  worker = undefined;
  for (const { answer, timer } of waiting.values()) {
    clearTimeout(timer);
    answer(null);
  }
  waiting.clear();
}
