/** A job of five hundred subtasks in the browser: all its pages open, scroll and are accessible. */

import { expect, test } from "vitest";
import { openDashboard } from "../support/dashboard.ts";
import { SizedPlace } from "../support/sized-place.ts";
import { checkAccess, glance, look } from "./support/look.ts";
import { Visitor } from "./support/visitor.ts";

const SUBTASKS = 500;

test("a job of 500 subtasks and 50,000 log lines is shown on every page", async () => {
  using place = await SizedPlace.open();
  place.log(
    "large",
    Array.from(
      { length: 50_000 },
      (_, n) => `2026-11-22T10:00:00.000Z subtask.line part-${(n % SUBTASKS) + 1} line ${n}`,
    ),
  );
  const stop = new AbortController();
  const turns = 300;
  const engine = place.job("large", { subtasks: SUBTASKS, followUps: 0 }, { stopAfter: turns });
  let seen = 0;
  const ran = engine.run("large", {
    signal: stop.signal,
    onUpdate: (update) => {
      if (update.type === "attempt" && update.activity.name === "runCodexTurn") seen += 1;
    },
  });
  await expect.poll(() => seen, { timeout: 60_000 }).toBeGreaterThan(turns);
  await using dashboard = await openDashboard(place);
  await using visitor = await Visitor.open(dashboard.link);
  const { page } = visitor;
  await visitor.go("/jobs/large");
  await page.locator("section[aria-labelledby=subtasks-title] [data-index]").first().waitFor();
  await look(page, "large");
  await page.getByLabel("Find a subtask").fill("part 499 ");
  await page.getByRole("button", { name: /Write part 499 of the whole/ }).waitFor();
  await visitor.tab("Inspector");
  await page.getByRole("tab", { name: /^Actors/ }).click();
  await page.getByLabel("Find an actor").fill("part-123");
  await page.getByRole("tabpanel").getByRole("button", { name: "part-123" }).waitFor();
  await glance(page, "large-inspector");
  await visitor.tab("Logs");
  await page.getByText("line 49999").first().waitFor();
  await page.getByText("50,000 lines").waitFor();
  await checkAccess(page, "large logs");
  await visitor.tab("History");
  await page.getByText("runCodexTurn").first().waitFor();
  await checkAccess(page, "large history");
  stop.abort();
  await ran;
});
