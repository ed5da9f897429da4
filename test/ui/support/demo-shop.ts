/** The demo's job in a workshop: its sample repository, its scripted model. The real Codex does the rest. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadScript } from "../../../src/scripted-model/parse-script.ts";
import type { Script } from "../../../src/scripted-model/script.ts";
import { Workshop } from "../../support/workshop.ts";

const DEMO = join(import.meta.dirname, "..", "..", "..", "demo");
const SAMPLE = join(DEMO, "greenhouse");

export const DEMO_TASK = "Add a frost alarm and a daily report";

/** @param hold this turn's last step waits until `shop.model.release(hold)` */
export async function openDemoShop(hold: string): Promise<Workshop> {
  const script = await loadScript(join(DEMO, "script.yaml"));
  const names = readdirSync(SAMPLE, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(SAMPLE, name)).isFile());
  return await Workshop.open({
    script: holding(script, hold),
    folder: "greenhouse",
    branch: "main",
    files: Object.fromEntries(files.map((name) => [name, readFileSync(join(SAMPLE, name), "utf8")])),
    config: JSON.parse(readFileSync(join(SAMPLE, "orch.config.json"), "utf8")) as Record<string, unknown>,
  });
}

function holding(script: Script, name: string): Script {
  const turns = script.turns.map((turn) =>
    turn.name !== name
      ? turn
      : {
          ...turn,
          steps: turn.steps.map((step, index) => (index === turn.steps.length - 1 ? { ...step, hold: name } : step)),
        },
  );
  return { ...script, turns };
}
