/** How many agents work at a time: never more than asked, and none idle while something waits. */

import { expect, test } from "vitest";
import { planScript } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

test("30 subtasks at --concurrency 4: never more than 4 Codex processes, and a free place is taken at once", async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `part-${index + 1}`);
  const script = planScript({ subtasks: ids.map((id) => ({ id })) });
  await using shop = await Workshop.open({ script, config: { maxSubtasks: 30 } });
  const run = shop.run("many", ["--concurrency", "4"]);
  let ended = false;
  void run.end.then(() => {
    ended = true;
  });
  let most = 0;
  while (!ended) {
    const turns = new Set(shop.processes().flatMap(({ turn }) => turn ?? []));
    most = Math.max(most, turns.size);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { code, events } = await run.end;
  expect(code).toBe(0);
  expect(most).toBe(4);

  // By what was committed: whenever something waited, four were at work.
  let running = 0;
  let waiting = 30;
  for (const event of events) {
    if (event.type === "subtask.started") {
      running += 1;
      waiting -= 1;
    } else if (event.type === "subtask.finished") {
      running -= 1;
    } else continue;
    expect(running).toBeLessThanOrEqual(4);
    if (event.type === "subtask.started" && waiting > 0 && waiting < 27) expect(running).toBe(4);
  }
  expect(Object.keys(shop.resultFiles("many"))).toHaveLength(30);
}, 180_000);
