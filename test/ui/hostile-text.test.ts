/** Whatever a model, an agent or a repository writes is shown as text: nothing of it runs, and nothing hides. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { defineScript } from "../../src/scripted-model/parse-script.ts";
import { openDashboard } from "../support/dashboard.ts";
import { TASK } from "../support/plan-script.ts";
import { Workshop } from "../support/workshop.ts";
import { Visitor } from "./support/visitor.ts";

/** Markup that runs if it is taken for HTML; the name tells where it was written. */
const markup = (name: string) => `${name} <script>alert(1)</script><img src=x onerror=alert(2)><b>bold</b>`;
/** Turns what follows around, hides a character, sets a terminal's title. */
const TRICKS = "\u202egnp\u2066\u200b\u001b]0;title\u0007\u001b[2J";
const FILE = "<img src=x onerror=alert(3)>.html";

const script = defineScript({
  turns: [
    {
      name: "plan",
      for: "planner",
      match: TASK,
      steps: [
        {
          json: {
            summary: markup("summary") + TRICKS,
            subtasks: ["evil", "bad"].map((id) => ({
              id,
              title: markup(`title of ${id}`),
              instructions: markup("instructions") + TRICKS,
              dependsOn: [],
              files: [FILE],
            })),
          },
        },
      ],
    },
    {
      name: "bad",
      for: "codex",
      match: "# Your part: title of bad",
      steps: [{ say: "no", fault: { status: 400, message: markup("error"), times: "always" } }],
    },
    {
      name: "evil",
      for: "codex",
      match: "# Your part: title of evil",
      steps: [
        {
          run: [
            `printf '%s\\n' 'content <script>alert(4)</script><img src=x onerror=alert(5)>' > '${FILE}'`,
            "mkdir -p src && printf 'let a = \"\\342\\200\\256 turned\";\\n' > 'src/turned\u202ename.js'",
            "printf 'output <script>alert(6)</script><img src=x onerror=alert(7)> \\033[31mred\\033[0m \\033]0;title\\007\\n'",
          ].join("\n"),
        },
        { say: `${markup("message")}${TRICKS} [link](javascript:alert(8))` },
      ],
    },
  ],
});

/** Nothing of the markup became an element, and no character that hides or turns others stands on the page. */
async function expectHarmless(page: Page, place: string): Promise<void> {
  const found = await page.evaluate(`[
    ...document.querySelectorAll("img, iframe, object, embed, [onerror], [href^='javascript:'], script:not([src^='/assets/'])"),
    ...[...document.querySelectorAll("main b")],
  ].map((element) => element.outerHTML.slice(0, 200))`);
  expect(found, `elements on ${place}`).toEqual([]);
  const text = `${await page.evaluate("document.title")}${await page.evaluate("document.documentElement.innerText")}`;
  const hidden = /.{0,20}(?:(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]).{0,20}/gu;
  expect.soft(text.match(hidden) ?? [], `characters on ${place}`).toEqual([]);
}

test("script, images, escape sequences and turned text in every field that a model fills are harmless and shown as text", async () => {
  await using shop = await Workshop.open({ script, config: { maxAttempts: 1 } });
  await using dashboard = await openDashboard(shop);
  const { code } = await shop.run("evil").end;
  expect(code).toBe(1);
  await using visitor = await Visitor.open(dashboard.link);
  const { page } = visitor;
  const shown = async (place: string, ...words: readonly string[]) => {
    for (const text of words) await page.getByText(text).first().waitFor();
    await expectHarmless(page, place);
  };
  await shown("jobs", TASK);

  await visitor.go("/jobs/evil");
  await shown("overview", markup("summary"), markup("title of evil"), markup("error"));
  await visitor.button(/Show 2 subtasks/).click();
  for (const head of await page.locator("summary").all()) await head.click();
  await shown("plan", markup("instructions"));
  await visitor.go("/jobs/evil?subtask=bad");
  await page.getByRole("complementary", { name: /^Subtask title of bad/ }).waitFor();
  await shown("subtask", markup("error"), markup("instructions"));

  await visitor.go("/jobs/evil/inspector");
  await page.getByRole("tab", { name: "Context" }).click();
  await shown("context", "summary <script>alert(1)</script>");
  await page.getByRole("tab", { name: /^Actors/ }).click();
  await page.getByRole("tabpanel").getByRole("button", { name: "bad" }).click();
  await page.getByRole("tab", { name: /^Step|^State/ }).click();
  await shown("inspector", "failed");

  await visitor.go("/jobs/evil/diff?of=evil");
  await shown("diff", "onerror=alert(3)", "content <script>alert(4)</script><img src=x onerror=alert(5)>", "turned");

  await visitor.go("/jobs/evil/logs?of=evil");
  await shown("turn", "output <script>alert(6)</script>", markup("message"));
  await visitor.go("/jobs/evil/logs?of=bad");
  await shown("failed turn", markup("error"));
  await visitor.go("/jobs/evil/logs");
  await shown("log", "job.finished");

  await visitor.go("/jobs/evil/history");
  await shown("history", "plan finished");
  await page.getByRole("button", { name: /plan finished/ }).click();
  await shown("entry", "summary <script>alert(1)</script>");
});
