/** The demo's job in the browser, from the empty dashboard to the result, over the death of the process that runs it. */

import { expect, test } from "vitest";
import { openDashboard } from "../support/dashboard.ts";
import { DEMO_TASK, openDemoShop } from "./support/demo-shop.ts";
import { checkAccess, glance, look } from "./support/look.ts";
import { SERVER_GONE, Visitor } from "./support/visitor.ts";

test("a job is started from the page, approved, watched, killed with its orchestrator, resumed from the page and looked back at", async () => {
  await using shop = await openDemoShop("alarm");
  await using dashboard = await openDashboard(shop);
  await using visitor = await Visitor.open(dashboard.link);
  const { page } = visitor;
  await visitor.heading("Say what is to be done").waitFor();
  await look(page, "empty");

  // Started from the page.
  await visitor.button("New job").click();
  const start = visitor.dialog("New job");
  await start.getByRole("textbox", { name: "Task" }).fill(DEMO_TASK);
  await start.getByLabel("Show me the plan first").check();
  await start.getByText("More", { exact: true }).click();
  await start.getByLabel("Name of the job").fill("demo");
  await checkAccess(page, "start dialog");
  await start.getByRole("button", { name: "Start the job" }).click();

  // It waits for the plan to be approved.
  await visitor.heading("The plan waits for you").waitFor();
  await page.getByText("A frost alarm needs two building blocks").waitFor();
  await look(page, "waiting");
  await visitor.button("Send back …").click();
  await visitor.dialog("Send the plan back").waitFor();
  await checkAccess(page, "reject dialog");
  await visitor.button("Keep waiting").click();

  // Watched live in the inspector: the job's chart, then a subtask's.
  await visitor.tab("Inspector");
  const states = page.getByRole("group", { name: "Statechart" });
  await states.getByRole("button", { name: /^awaitingApproval, active/ }).waitFor();
  await visitor.button("Send…").first().click();
  await page.getByRole("dialog", { name: /^Send / }).waitFor();
  await checkAccess(page, "send dialog");
  await visitor.button("Not now").click();
  await visitor.button("Approve the plan").click();
  await states.getByRole("button", { name: /^working.*, active/ }).waitFor();
  await shop.model.waitFor(({ turn, step }) => turn === "alarm" && step === 3);
  await page.getByRole("tab", { name: /^Actors/ }).click();
  await page.getByRole("tabpanel").getByRole("button", { name: "alarm", exact: true }).click();
  await states.getByRole("button", { name: /^coding.*, active/ }).waitFor();
  await glance(page, "inspector-running");
  await visitor.tab("Overview");
  await look(page, "running");

  // Killed while the page is open. The page says so, comes back by itself, and the job goes on where it stood.
  visitor.excuse(SERVER_GONE);
  await dashboard.kill();
  await page.getByText("Connection lost.").waitFor();
  await checkAccess(page, "connection lost");
  await dashboard.startAgain();
  await visitor.heading("Nobody runs this job").waitFor();
  await page.getByText("Connection lost.").waitFor({ state: "hidden" });
  await glance(page, "interrupted");
  await visitor.button("Resume").click();
  await page.getByText("run by this dashboard").waitFor();
  shop.model.release("alarm");
  await visitor.heading("Done, on result-demo").waitFor();
  expect(Object.keys(shop.resultFiles("demo"))).toContain("src/alarm.js");
  await look(page, "finished");
  await page
    .getByRole("button", { name: /Frost alarm/ })
    .first()
    .click();
  await page.getByRole("complementary", { name: "Subtask Frost alarm" }).waitFor();
  await checkAccess(page, "subtask");

  // What came out.
  await visitor.tab("Diff");
  await page.getByText("class FrostAlarm").first().waitFor();
  await glance(page, "diff");
  await visitor.button(/1 conflict/).click();
  await page.getByText("What became of it").first().waitFor();
  await glance(page, "conflict");
  await page.getByLabel("Whose changes are shown").selectOption("units");
  await page.getByText("export const toFahrenheit").first().waitFor();
  await visitor.tab("Logs");
  await page.getByText("job.finished").first().waitFor();
  await glance(page, "logs");
  await visitor.go("/jobs/demo/logs?of=history");
  await page.getByText("a ring buffer would be better").waitFor();
  await checkAccess(page, "turn");
  await visitor.tab("History");
  await page.getByRole("searchbox", { name: "Search the history" }).fill("plan.approve");
  await page.getByText("plan.approve").first().waitFor();
  await glance(page, "history");
});
