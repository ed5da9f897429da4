/**
 * A job that takes every turn that a job can take: setup, a follow-up, a subtask that builds on two others, a conflict whose
 * first resolution is refused, and a repair. Its points are all kinds of points that a job can be forked at.
 */

import { type PlanScript, planScript, writing } from "./plan-script.ts";
import { Workshop } from "./workshop.ts";

type Step = NonNullable<PlanScript["before"]>[number];

const MARKERS = "first\n<<<<<<< ours\none\n=======\nthree\n>>>>>>> theirs";

/** Contents of the result, by path. */
export const windingResult = {
  "four.txt": "written for four",
  "one.txt": "one",
  "repaired.txt": "yes",
  "shared.txt": "first\none\nthree",
  "three.txt": "three",
  "two.txt": "made by the setup",
};

/** The subtask `three` waits at the gate `three` if `hold` says so. */
export async function openWindingJob({ hold = false }: { readonly hold?: boolean } = {}): Promise<Workshop> {
  const gate: Partial<Step> = hold ? { hold: "three" } : {};
  const script = planScript({
    before: [{ call: "run_repo_command", arguments: { command: ["git", "ls-files"] } }],
    subtasks: [
      { id: "one", writes: { "one.txt": "one", "shared.txt": "first\none" } },
      { id: "two", steps: [{ run: "ls" }, { say: "There is nothing to do." }] },
      { id: "three", writes: { "three.txt": "three", "shared.txt": "first\nthree" }, step: gate },
      { id: "four", dependsOn: ["one", "two"] },
    ],
    turns: [
      {
        name: "follow-up",
        for: "codex",
        match: "You changed nothing",
        // Only where the setup was run is there anything to copy.
        steps: [{ run: "cp made/by-setup two.txt" }, { say: "Now it is done." }],
      },
      {
        name: "resolve-again",
        for: "codex",
        match: "An earlier resolution was not accepted",
        steps: [
          { run: "grep -q '<<<<<<<' shared.txt && grep -q one shared.txt" },
          { run: writing({ "shared.txt": "first\none\nthree" }) },
          { say: "I kept both." },
        ],
      },
      {
        name: "resolve",
        for: "codex",
        match: "Resolve this conflict",
        steps: [{ run: writing({ "shared.txt": MARKERS }) }, { say: "I left it as it was." }],
      },
      {
        name: "repair",
        for: "codex",
        match: "A command that checks the work",
        steps: [{ run: writing({ "repaired.txt": "yes" }) }, { say: "I repaired it." }],
      },
    ],
  });
  return Workshop.open({
    script,
    files: { "shared.txt": "first\n", ".gitignore": "made/\n" },
    config: {
      setup: [
        "mkdir -p made && echo 'made by the setup' > made/by-setup",
        // Only without the sandbox does it get there.
        'touch "$HOME/reached-by-setup" || true',
      ],
      verify: ["test -f repaired.txt"],
      concurrency: 2,
    },
  });
}
