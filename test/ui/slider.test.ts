/** The demo's finished job in the browser: looked back at with the slider, and forked from a point of its history. */

import { expect, test } from "vitest";
import { openDashboard } from "../support/dashboard.ts";
import { DEMO_TASK, openDemoShop } from "./support/demo-shop.ts";
import { checkAccess, glance } from "./support/look.ts";
import { Visitor } from "./support/visitor.ts";

test("the slider moves the whole page, by keys, by hand and by itself; a fork begins at its point and can be cancelled", async () => {
  await using shop = await openDemoShop("none");
  await using dashboard = await openDashboard(shop);
  expect((await shop.orch(["run", DEMO_TASK, "--repo", shop.repository, "--job-id", "demo"]).end).code).toBe(0);
  await using visitor = await Visitor.open(dashboard.link);
  const { page } = visitor;
  await page.getByRole("link", { name: new RegExp(DEMO_TASK) }).click();
  await visitor.heading("Done, on result-demo").waitFor();
  await visitor.tab("Inspector");
  await visitor.state("Done").waitFor();
  const last = await visitor.place();

  await visitor.slider.press("Home");
  await expect.poll(() => visitor.place()).toBe(1);
  await visitor.state("Preparing").waitFor();
  for (let step = 0; step < 3; step += 1) await visitor.slider.press("ArrowRight");
  await expect.poll(() => visitor.place()).toBe(4);

  // Dragged to the middle: the work has begun, and the overview says the same.
  const box = await visitor.slider.boundingBox();
  if (!box) throw new Error("the slider is not seen");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, y, { steps: 5 });
  await page.mouse.move(box.x + box.width / 2, y, { steps: 10 });
  await page.mouse.up();
  const middle = await visitor.place();
  expect(Math.abs(middle - last / 2)).toBeLessThan(last / 10);
  await visitor.state("Working").waitFor();
  await page.getByRole("tab", { name: "Context" }).click();
  await glance(page, "inspector");
  await visitor.tab("Overview");
  await page.getByText("Back in time:").waitFor();
  await visitor.state("Working").waitFor();
  await checkAccess(page, "back in time");

  // Played from the beginning to the end.
  await visitor.tab("Inspector");
  await visitor.slider.press("Home");
  await visitor.button("Play the history").click();
  await expect.poll(() => visitor.place(), { timeout: 60_000 }).toBeGreaterThan(3);
  await visitor.button("Stop playing").click();

  // A fork from the first moment of the work.
  while ((await visitor.state("Working").count()) === 0) {
    const before = await visitor.place();
    await visitor.slider.press("ArrowRight");
    await expect.poll(() => visitor.place()).toBe(before + 1);
    // Its state comes from the server.
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const at = await visitor.place();
  await visitor.button("Fork from here").click();
  const fork = visitor.dialog("Fork the job");
  await fork.getByLabel("Run it at once").uncheck();
  await checkAccess(page, "fork dialog");
  await fork.getByRole("button", { name: `Fork at entry ${at}` }).click();
  await page.getByText(`at entry ${at}`).waitFor();
  await visitor.heading("Nobody runs this job").waitFor();
  await visitor.button("More actions").click();
  await page.getByRole("menuitem", { name: "Cancel …" }).click();
  await visitor.dialog("Cancel this job?").waitFor();
  await checkAccess(page, "cancel dialog");
  await visitor.button("Cancel the job").click();
  await visitor.state("Cancelled").waitFor();

  // Both stand in the list.
  await page.getByRole("link", { name: "orch, all jobs" }).click();
  await expect.poll(() => page.getByRole("link", { name: new RegExp(DEMO_TASK) }).count()).toBe(2);
  await glance(page, "jobs");
  await page.keyboard.press("?");
  await visitor.dialog("Keyboard").waitFor();
  await checkAccess(page, "keyboard dialog");
});
