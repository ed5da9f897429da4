/** A workflow of one's own in the browser: its chart is drawn and lit, though the dashboard never runs its program. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { defineScript } from "../../src/scripted-model/parse-script.ts";
import { openDashboard } from "../support/dashboard.ts";
import { writing } from "../support/plan-script.ts";
import { Workshop } from "../support/workshop.ts";
import { glance } from "./support/look.ts";
import { Visitor } from "./support/visitor.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "workflows", "review-loop.ts");
const TASK = "Write a greeting";

const script = defineScript({
  turns: [
    {
      name: "greet",
      for: "codex",
      match: TASK,
      steps: [{ run: writing({ "hello.txt": "Hello." }) }, { say: "Greeted." }],
    },
  ],
});

test("the inspector draws a workflow of one's own, lit where it stands, at every point of its history", async () => {
  await using shop = await Workshop.open({ script });
  await using dashboard = await openDashboard(shop);
  const run = shop.orch(["run", TASK, "--workflow", EXAMPLE, "--repo", shop.repository, "--job-id", "greet", "--json"]);
  await run.event((event) => event.type === "job.state" && event.isWaiting);
  await using visitor = await Visitor.open(dashboard.link);
  const { page } = visitor;
  await page.getByRole("link", { name: new RegExp(TASK) }).click();
  await visitor.tab("Inspector");
  const active = (state: string) => page.getByRole("button", { name: new RegExp(`^${state}\\b.*\\bactive`) });
  await active("reviewing").waitFor();
  await glance(page, "own-workflow");
  await visitor.slider.press("Home");
  await active("job").waitFor();
  expect(await active("reviewing").count()).toBe(0);
  await visitor.slider.press("End");
  await active("reviewing").waitFor();

  expect((await shop.orch(["signal", "greet", "review.accept"]).end).code).toBe(0);
  expect((await run.end).code).toBe(0);
});
