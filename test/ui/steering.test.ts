/** A job that another process runs: its death is seen, it is resumed from the page, and what failed is tried again from there. */

import { expect, test } from "vitest";
import { openDashboard } from "../support/dashboard.ts";
import { planScript } from "../support/plan-script.ts";
import { Workshop } from "../support/workshop.ts";
import { look } from "./support/look.ts";
import { Visitor } from "./support/visitor.ts";

test("orch run is killed while its page is open; resumed from the page, a subtask fails, is tried again, and the job is done", async () => {
  const script = planScript({
    subtasks: [
      { id: "slow", step: { hold: "open" } },
      {
        id: "hit",
        step: { hold: "open", fault: { status: 400, message: "The model is not to be had.", times: 1 } as never },
      },
      { id: "after", dependsOn: ["hit"] },
    ],
  });
  await using shop = await Workshop.open({ script, config: { maxAttempts: 1 } });
  await using dashboard = await openDashboard(shop);
  const run = shop.run("other");
  await run.event(({ type }) => type === "subtask.started");
  await using visitor = await Visitor.open(dashboard.link);
  const { page } = visitor;
  await page.getByRole("link", { name: /Write the parts/ }).click();
  await page.getByText(`run by process ${run.pid}`).waitFor();
  await visitor.state("Working").waitFor();
  run.kill("SIGKILL");
  await run.end;
  await visitor.heading("Nobody runs this job").waitFor();
  await visitor.button("Resume").click();
  await page.getByText("run by this dashboard").waitFor();
  shop.model.release("open");
  await visitor.heading("The job failed").waitFor();
  await page.getByText("The model is not to be had.").first().waitFor();
  await look(page, "failed");
  await visitor.button("Retry").first().click();
  await visitor.heading("Done, on result-other").waitFor();
  expect(Object.keys(shop.resultFiles("other")).sort()).toEqual(["after.txt", "hit.txt", "slow.txt"]);
});
