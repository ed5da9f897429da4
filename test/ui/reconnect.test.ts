/** The stream to the page is cut again and again while a job runs: in the end the page holds what the database does. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { eventInWords, stateInWords } from "../../ui/src/words/events.ts";
import { openDashboard } from "../support/dashboard.ts";
import { Gate } from "../support/gate.ts";
import { SizedPlace } from "../support/sized-place.ts";
import { CuttingProxy } from "./support/cutting-proxy.ts";
import { SERVER_GONE, Visitor } from "./support/visitor.ts";

/** The seed is fixed: with `UI_CUTS=1000` it is the same hundred, and more. */
const CUTS = Number(process.env.UI_CUTS ?? 100);
const STEPS_A_CUT = 12;
const SUBTASKS = 10;

/** The rows of the history tab from its first to its last, each as its columns, as they are found by scrolling. */
async function readHistory(page: Page): Promise<string[][]> {
  const rows = (await page.evaluate(`(async () => {
    const rows = new Map();
    const scroller = document.querySelector('section[aria-label="History"] ol').parentElement;
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (let top = 0; top < scroller.scrollHeight; top += scroller.clientHeight / 2) {
      scroller.scrollTop = top;
      await frame();
      for (const row of scroller.querySelectorAll("li button")) {
        const [seq, time, , actor, event, state] = [...row.children].map((cell) => cell.textContent.trim());
        const before = rows.get(seq);
        const now = [seq, time, actor, event, state];
        rows.set(seq, before === undefined || String(before) === String(now) ? now : ["two rows of " + seq]);
      }
    }
    return [...rows.values()];
  })()`)) as string[][];
  return rows.sort(([a], [b]) => Number(a) - Number(b));
}

function historyOf(store: Store): string[][] {
  return store
    .listHistory("cut")
    .map(({ seq, at, actorId, event, state }) => [
      String(seq),
      new Date(at).toISOString().slice(11, 23),
      actorId,
      eventInWords((event as { readonly type: string }).type),
      stateInWords(state),
    ]);
}

/** What does not move any more when the job is done. */
async function readOverview(page: Page): Promise<string[]> {
  await page
    .locator("section[aria-labelledby=subtasks-title] [data-index]")
    .nth(SUBTASKS - 1)
    .waitFor();
  return [
    ...(await page.getByRole("list", { name: "Where the job is" }).allInnerTexts()),
    ...(await page.locator("section[aria-labelledby=subtasks-title]").allInnerTexts()),
  ];
}

test(`the stream is cut ${CUTS} times while a job runs; what the page holds at the end is what the database holds`, async () => {
  using place = await SizedPlace.open();
  const gate = new Gate();
  const followUps = Math.ceil((CUTS * STEPS_A_CUT) / (2 * SUBTASKS));
  const engine = place.job("cut", { subtasks: SUBTASKS, followUps }, { gate: gate.pass });
  await using dashboard = await openDashboard(place);
  await using proxy = await CuttingProxy.start();
  const ran = engine.run("cut");
  gate.allow(4);
  await using visitor = await Visitor.open(dashboard.link, { proxy: proxy.url });
  visitor.excuse(SERVER_GONE);
  const { page } = visitor;
  await visitor.go("/jobs/cut");
  await visitor.heading("Write the whole").waitFor();

  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  let isOver = false;
  void ran.then(() => {
    isOver = true;
  });
  for (let cut = 0; cut < CUTS; cut += 1) {
    const tunnel = await proxy.tunnel();
    const steps = 1 + random(STEPS_A_CUT - 1);
    const from = gate.passed;
    gate.allow(steps);
    // In the middle of the first words, or anywhere in what the job's steps bring.
    if (random(3) === 0) await tunnel.bytes(random(800));
    else {
      await gate.until(from + steps);
      await new Promise((resolve) => setTimeout(resolve, random(150)));
    }
    tunnel.cut();
  }
  expect(isOver, "the job was to run until the last cut").toBe(false);
  gate.allow(Number.POSITIVE_INFINITY);
  expect((await ran).status).toBe("done");
  await visitor.state("Done").waitFor();
  await page.locator('header [data-connection="live"]').waitFor();

  const overview = await readOverview(page);
  await visitor.tab("History");
  const held = historyOf(place.store);
  await page.getByText(`${held.length.toLocaleString("en-US")} entries`, { exact: true }).waitFor();
  expect(await readHistory(page)).toEqual(held);

  // A page that was never cut says the same.
  await using other = await Visitor.open(dashboard.link);
  await other.go("/jobs/cut");
  await other.state("Done").waitFor();
  expect(overview).toEqual(await readOverview(other.page));
});
