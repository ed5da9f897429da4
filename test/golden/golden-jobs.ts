/** The jobs whose histories are kept: between them they come to nearly every state of the workflows. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadScript } from "../../src/scripted-model/parse-script.ts";
import { planOf, planScript, writing } from "../support/plan-script.ts";
import type { Run, Workshop, WorkshopOptions } from "../support/workshop.ts";

export interface GoldenJob {
  /** Names the job and its file. */
  readonly name: string;
  readonly open: () => Promise<WorkshopOptions>;
  readonly play: (shop: Workshop) => Promise<void>;
}

const DEMO = join(import.meta.dirname, "..", "..", "demo");

/** Ends the run in the way that is expected of it, or throws with what it said. */
async function ends(run: Run, expected: number): Promise<void> {
  const { code, stdout, stderr } = await run.end;
  if (code !== expected) throw new Error(`it ended with ${code}, not ${expected}:\n${stdout}\n${stderr}`);
}

/** The demo's own job: a start from two subtasks, and a conflict in the result. */
const demo: GoldenJob = {
  name: "demo",
  open: async () => ({
    script: await loadScript(join(DEMO, "script.yaml")),
    files: filesOf(join(DEMO, "greenhouse")),
    branch: "main",
  }),
  play: (shop) => {
    const task = "Add a frost alarm and a daily report";
    return ends(shop.orch(["run", task, "--repo", shop.repository, "--job-id", "demo", "--json"]), 0);
  },
};

/** A plan that is rejected and approved, a setup, a check that fails and is repaired, a push. */
const approved: GoldenJob = {
  name: "approved",
  open: async () => ({
    script: planScript({
      subtasks: [{ id: "answer", writes: { "answer.txt": "41" } }],
      turns: [
        {
          name: "plan-again",
          for: "planner",
          match: "one part is enough",
          steps: [{ json: planOf([{ id: "answer" }]) }],
        },
        {
          name: "repair",
          for: "codex",
          match: "A command that checks the work",
          steps: [{ run: writing({ "answer.txt": "42" }) }, { say: "I changed the answer." }],
        },
      ],
    }),
    config: { setup: ["test -f README.md"], verify: ["grep -qx 42 answer.txt"] },
    prepare: ({ git, folder }) => {
      git(["init", "--quiet", "--bare", join(folder, "remote.git")], folder);
      git(["remote", "add", "origin", join(folder, "remote.git")]);
    },
  }),
  play: async (shop) => {
    const run = shop.run("approved", ["--approve-plan", "--push-result"]);
    await run.event(({ type }) => type === "job.waiting");
    await ends(shop.orch(["reject", "approved", "--feedback", "one part is enough"]), 0);
    await run.event(
      (event) => event.type === "job.waiting" && event !== run.events.find(({ type }) => type === "job.waiting"),
    );
    await ends(shop.orch(["approve", "approved"]), 0);
    await ends(run, 0);
  },
};

/** A subtask whose model breaks and that is retried by hand, and one whose agent does nothing and that is skipped. */
const retried: GoldenJob = {
  name: "retried",
  open: async () => ({
    script: planScript({
      subtasks: [
        { id: "hit", step: { fault: [{ status: 500, times: 6 }] as never } },
        { id: "lazy", steps: [{ run: "true" }, { say: "Nothing to do." }] },
        { id: "after", dependsOn: ["lazy"] },
      ],
      turns: [
        { name: "again", for: "codex", match: "cannot be taken as it is", steps: [{ say: "Still nothing to do." }] },
      ],
    }),
    config: { maxAttempts: 2, maxFollowUps: 1 },
  }),
  play: async (shop) => {
    await ends(shop.run("retried"), 1);
    await ends(shop.orch(["skip", "retried", "lazy"]), 0);
    await ends(shop.orch(["retry", "retried", "hit"]), 0);
    await ends(shop.resume("retried"), 0);
  },
};

/** The model breaks on a conflict, and again on a repair: the job fails twice, and is retried. */
const broken: GoldenJob = {
  name: "broken",
  open: async () => ({
    script: planScript({
      subtasks: ["one", "two"].map((id) => ({ id, writes: { "shared.txt": `first\n${id}` } })),
      turns: [
        {
          name: "resolve",
          for: "codex",
          match: "Resolve this conflict",
          steps: [
            { run: writing({ "shared.txt": "first\none\ntwo" }), fault: [{ status: 500, times: 6 }] as never },
            { say: "I kept both." },
          ],
        },
        {
          name: "repair",
          for: "codex",
          match: "A command that checks the work",
          steps: [
            { run: writing({ "answer.txt": "42" }), fault: [{ status: 500, times: 6 }] as never },
            { say: "I added the answer." },
          ],
        },
      ],
    }),
    files: { "shared.txt": "first\n" },
    config: { maxAttempts: 2, verify: ["test -f answer.txt"] },
  }),
  play: async (shop) => {
    await ends(shop.run("broken"), 1);
    for (const code of [1, 0]) {
      await ends(shop.orch(["retry", "broken"]), 0);
      await ends(shop.resume("broken"), code);
    }
  },
};

/** Killed at work and resumed, paused and continued, and cancelled in the end. */
const killed: GoldenJob = {
  name: "killed",
  open: async () => ({
    script: planScript({
      subtasks: [
        { id: "calm" },
        { id: "held", steps: [{ run: writing({ "held.txt": "held" }), hold: "gate" }, { say: "Done." }] },
      ],
    }),
  }),
  play: async (shop) => {
    const first = shop.run("killed");
    await first.event((event) => event.type === "subtask.finished" && event.id === "calm");
    first.kill("SIGKILL");
    await first.end;
    const second = shop.resume("killed");
    await second.event(({ type }) => type === "job.resumed");
    await ends(shop.orch(["pause", "killed"]), 0);
    await second.end;
    await ends(shop.orch(["continue", "killed"]), 0);
    const third = shop.resume("killed");
    await third.event(({ type }) => type === "job.resumed");
    await ends(shop.orch(["cancel", "killed"]), 0);
    await ends(third, 1);
    shop.model.release("gate");
  },
};

export const goldenJobs: readonly GoldenJob[] = [demo, approved, retried, broken, killed];

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}
