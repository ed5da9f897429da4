/** Asks a planner's run until there is a plan that can be worked on. */

import type { ActivityContext } from "../../core/activity.ts";
import type { Plan } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { toJson } from "../../core/json.ts";
import { type Redact, redactJson } from "../../core/redact.ts";
import { orderSubtasks } from "./order-subtasks.ts";
import { checkPlan, type PlanVerdict } from "./plan-check.ts";
import { sendBackPrompt } from "./planner-prompt.ts";
import type { PlannerAnswer, PlannerRun } from "./planner-run.ts";

type PlanReader = Pick<ActivityContext, "log" | "redact">;

/**
 * A plan that cannot be used goes back once, with the reasons.
 *
 * @throws OrchError `invalid-plan`, `planner-turn-limit`, and what `toModelError` tells of the model service
 */
export async function askForPlan(run: PlannerRun, maxSubtasks: number, { log, redact }: PlanReader): Promise<Plan> {
  for (;;) {
    const verdict = judge(await run.answer(), maxSubtasks, redact);
    if (verdict.ok) return orderSubtasks(verdict.plan);
    log.warn("the planner's answer cannot be used", { problems: verdict.problems.join("; ") });
    if (run.sentBack) {
      throw new OrchError(`the planner's plan cannot be used: ${verdict.problems.join("; ")}`, {
        code: "invalid-plan",
        hint: "start a new job, with a clearer task or another model for the planner",
        details: { problems: verdict.problems },
      });
    }
    await run.sendBack(sendBackPrompt(verdict.problems));
  }
}

/** Secrets are taken out first: ids are made of what is left. */
function judge(answer: PlannerAnswer, maxSubtasks: number, redact: Redact): PlanVerdict {
  return answer.ok
    ? checkPlan(redactJson(toJson(answer.answer), redact) as unknown as typeof answer.answer, { maxSubtasks })
    : { ok: false, problems: [printable(redact(answer.problem), 300)] };
}
