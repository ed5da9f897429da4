/**
 * Somebody who looks at the dashboard in a real browser. In the end the test fails if the pages wrote an error to the
 * console, asked anything outside of this machine, or opened a dialog of the browser's.
 */

import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { expect, inject } from "vitest";

/** Generous: other programs run on the machine too. */
const PATIENCE_MS = 60_000;

/** What a browser says of a server that is gone. */
export const SERVER_GONE =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to|ERR_SOCKET_NOT_CONNECTED|ERR_INCOMPLETE/;

export interface VisitorOptions {
  /** `http://127.0.0.1:PORT`: all requests go through it. */
  readonly proxy?: string;
}

export class Visitor implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #origin: string;
  readonly #problems: string[] = [];
  readonly #requests = new Set<string>();
  readonly #excused: RegExp[] = [];

  /** Opens the link that the dashboard printed. */
  static async open(link: string, { proxy }: VisitorOptions = {}): Promise<Visitor> {
    const browser = await chromium.connect(inject("browser"));
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      timezoneId: "UTC",
      // Nothing has to be waited for, and pictures are the same each time.
      reducedMotion: "reduce",
      ...(proxy !== undefined && { proxy: { server: proxy } }),
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor(browser, context, await context.newPage(), new URL(link).origin);
    await visitor.page.goto(link);
    // The link sets the cookie and goes on by itself.
    await visitor.page.waitForURL((url) => url.search === "");
    return visitor;
  }

  private constructor(browser: Browser, context: BrowserContext, page: Page, origin: string) {
    this.#browser = browser;
    this.#context = context;
    this.page = page;
    this.#origin = origin;
    context.on("request", (request) => this.#requests.add(new URL(request.url()).origin));
    page.on("websocket", (socket) => this.#requests.add(new URL(socket.url()).origin.replace(/^ws/, "http")));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.#problems.push(`thrown: ${error.stack ?? error.message}`));
    page.on("dialog", (dialog) => {
      this.#problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Such errors in the console are what the test is about. */
  excuse(pattern: RegExp): void {
    this.#excused.push(pattern);
  }

  go(path: string): Promise<unknown> {
    return this.page.goto(this.#origin + path);
  }

  tab(name: string): Promise<void> {
    return this.page.getByRole("navigation", { name: "Parts of the job" }).getByRole("link", { name }).click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { name });
  }

  dialog(name: string): Locator {
    return this.page.getByRole("dialog", { name });
  }

  get slider(): Locator {
    return this.page.getByRole("slider", { name: "Point in the history" });
  }

  /** Which entry the slider stands at. */
  async place(): Promise<number> {
    return Number(await this.slider.getAttribute("aria-valuenow"));
  }

  /** The job's state as its header says it. */
  state(words: string): Locator {
    return this.page.locator("main header").getByText(words, { exact: true }).first();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const problems = this.#problems.filter((text) => !this.#excused.some((pattern) => pattern.test(text)));
    const elsewhere = [...this.#requests].filter((origin) => origin !== this.#origin && origin !== "null");
    await this.#context.close();
    await this.#browser.close();
    expect(problems, "what the pages complained of").toEqual([]);
    expect(elsewhere, "requests that left the dashboard").toEqual([]);
  }
}
