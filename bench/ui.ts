/** What the dashboard's pages cost in a real browser: a job of 500 subtasks and 20,000 history entries next to one of 3. */

import { type Browser, chromium, type Page } from "playwright-core";
import { startBrowser } from "../test/support/browser.ts";
import { openDashboard, type RunningDashboard } from "../test/support/dashboard.ts";
import { Gate } from "../test/support/gate.ts";
import { buildPages } from "../test/support/pages.ts";
import type { Size } from "../test/support/sized-job.ts";
import { SizedPlace } from "../test/support/sized-place.ts";
import { busiest } from "./busiest.ts";
import { type Ratio, type Row, ratio, type Table } from "./table.ts";

const RUNS = 7;
const COMMITS_A_SECOND = 200;
const STREAM_MS = 10_000;
const TABS = ["Overview", "Inspector"] as const;

interface Shape {
  readonly name: "small" | "large";
  readonly size: Size;
  /** Activities that are done before anything is measured: about as many entries. */
  readonly begun: number;
  readonly logLines: number;
}

const SMALL: Shape = { name: "small", size: { subtasks: 3, followUps: 3_000 }, begun: 30, logLines: 300 };
const LARGE: Shape = { name: "large", size: { subtasks: 500, followUps: 40 }, begun: 20_000, logLines: 50_000 };

export async function ui(): Promise<Table> {
  buildPages();
  const server = await startBrowser();
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    await using small = await OpenJob.open(SMALL, browser);
    await using large = await OpenJob.open(LARGE, browser);
    const jobs = [small, large] as const;
    const shown = [[], []] as [number[], number[]];
    for (let run = 0; run < RUNS; run += 1) {
      for (const [index, job] of jobs.entries()) shown[index]?.push(await job.timeToContent());
    }
    const rows: Row[] = [];
    const ratios: Ratio[] = [];
    const add = (name: string, times: readonly (readonly number[])[], target: number, unit?: "MB") => {
      const [ofSmall, ofLarge] = jobs.map(({ shape }, index): Row => {
        const row = { name: `${name}, ${shape.name}`, times: times[index] ?? [] };
        return unit === undefined ? row : { ...row, unit };
      }) as [Row, Row];
      rows.push(ofSmall, ofLarge);
      ratios.push(ratio(`${name}: large / small`, ofLarge, ofSmall, target));
    };
    add("first content", shown, 2);
    for (const tab of TABS) {
      const longest: number[][] = [];
      for (const job of jobs) longest.push([await job.longestTask(tab)]);
      add(`longest task at ${COMMITS_A_SECOND} commits a second, ${tab.toLowerCase()}`, longest, 2);
    }
    const memory: number[][] = [];
    for (const job of jobs) memory.push([await job.memory()]);
    add("memory with history and log read", memory, 2, "MB");
    const entries = large.entries();
    return {
      about: `A job of ${LARGE.size.subtasks} subtasks with ${entries} history entries and ${LARGE.logLines} log lines, next to one of ${SMALL.size.subtasks} with ${SMALL.logLines} lines, each in a dashboard process of its own. Tasks: the thread's own CPU time of the longest one within ${STREAM_MS / 1000} s. Memory: the JavaScript heap after a collection.`,
      rows,
      ratios,
    };
  } finally {
    await server.close();
  }
}

class OpenJob implements AsyncDisposable {
  readonly shape: Shape;
  readonly #browser: Browser;
  readonly #place: SizedPlace;
  readonly #dashboard: RunningDashboard;
  readonly #gate: Gate;
  readonly #stop: AbortController;
  readonly #ran: Promise<unknown>;

  static async open(shape: Shape, browser: Browser): Promise<OpenJob> {
    const place = await SizedPlace.open();
    const gate = new Gate();
    const stop = new AbortController();
    const engine = place.job("job", shape.size, { gate: gate.pass });
    place.log(
      "job",
      Array.from(
        { length: shape.logLines },
        (_, n) => `2026-11-22T10:00:00.000Z subtask.line part-1 line ${n} of the log`,
      ),
    );
    const ran = engine.run("job", { signal: stop.signal });
    gate.allow(shape.begun);
    await gate.until(shape.begun);
    return new OpenJob(shape, browser, place, await openDashboard(place), gate, stop, ran);
  }

  private constructor(
    shape: Shape,
    browser: Browser,
    place: SizedPlace,
    dashboard: RunningDashboard,
    gate: Gate,
    stop: AbortController,
    ran: Promise<unknown>,
  ) {
    this.shape = shape;
    this.#browser = browser;
    this.#place = place;
    this.#dashboard = dashboard;
    this.#gate = gate;
    this.#stop = stop;
    this.#ran = ran;
  }

  entries(): number {
    return (this.#place.store.getJob("job")?.nextSeq ?? 1) - 1;
  }

  /** From the beginning of the navigation to the first subtask on the page; nothing is cached. */
  async timeToContent(): Promise<number> {
    await using page = await this.#visit("/jobs/job", SEEN);
    return await until(page, "globalThis.seenAt");
  }

  /** Milliseconds. All of the history is there before the job goes on. */
  async longestTask(tab: (typeof TABS)[number]): Promise<number> {
    await using page = await this.#settled();
    await toTab(page, tab);
    await this.#browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
    const from = performance.now();
    const passed = this.#gate.passed;
    while (performance.now() - from < STREAM_MS) {
      const due = passed + ((performance.now() - from) / 1000) * COMMITS_A_SECOND;
      this.#gate.allow(Math.max(0, Math.round(due - this.#gate.passed)));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const trace = await this.#browser.stopTracing();
    this.#gate.allow(0);
    return busiest(trace);
  }

  /** Megabytes, after the history and the log were scrolled through. */
  async memory(): Promise<number> {
    await using page = await this.#settled();
    await toTab(page, "History");
    await page.locator(ENTRIES).first().waitFor();
    await page.evaluate(scrollThrough(ENTRIES));
    await toTab(page, "Logs");
    await page
      .getByText(`line ${this.shape.logLines - 1} of the log`)
      .first()
      .waitFor();
    for (let presses = 0; presses < 50; presses += 1) await page.keyboard.press("PageUp");
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize / 1_000_000;
  }

  /** A page that holds as many entries as the database. */
  async #settled(): Promise<Page & AsyncDisposable> {
    const page = await this.#visit("/jobs/job/inspector");
    await page.getByRole("slider", { name: "Point in the history" }).waitFor();
    const held = `Number(document.querySelector("[role=slider]").getAttribute("aria-valuemax"))`;
    await until(page, `${held} >= ${this.entries()}`);
    return page;
  }

  async #visit(path: string, script?: string): Promise<Page & AsyncDisposable> {
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    await page.goto(this.#dashboard.link);
    await page.waitForURL((url) => url.search === "");
    if (script !== undefined) await context.addInitScript({ content: script });
    await page.goto(new URL(this.#dashboard.link).origin + path);
    return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dashboard[Symbol.asyncDispose]();
    this.#stop.abort();
    this.#gate.allow(Number.POSITIVE_INFINITY);
    await this.#ran;
    this.#place[Symbol.dispose]();
  }
}

const ENTRIES = 'section[aria-label="History"] ol';

const toTab = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Parts of the job" }).getByRole("link", { name }).click();

/** What the page says of it, as soon as it is something. A wait inside of the page would need `eval`, which is forbidden there. */
async function until(page: Page, question: string): Promise<number> {
  for (;;) {
    const answer = await page.evaluate(question);
    if (answer) return Number(answer);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Notes when the first subtask stands on the page. */
const SEEN = `new MutationObserver((_, observer) => {
  if (!document.querySelector("section[aria-labelledby=subtasks-title] [data-index]")) return;
  observer.disconnect();
  globalThis.seenAt = performance.now();
}).observe(document, { childList: true, subtree: true });`;

const scrollThrough = (inside: string) => `(async () => {
  const scroller = document.querySelector('${inside}').parentElement;
  for (let top = 0; top < scroller.scrollHeight; top += scroller.scrollHeight / 50) {
    scroller.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
})()`;
