/** What was paid for, by kind of token and by who used it. */

import { createMemo, Index, Show } from "solid-js";
import type { CostView, UsageView } from "../../../../src/core/protocol/common.ts";
import { count, isPriced, money, short, spent, tokens } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import { Card } from "./card.tsx";
import styles from "./costs.module.css";

const MOST_SHOWN = 6;

export function Costs() {
  const { job, subtasks } = useJob();
  /** By money, where all that was used has a price: what is cheap may be many tokens. */
  const currency = createMemo(() => {
    const { cost } = job();
    return cost && cost.unpriced.length === 0 ? cost.currency : null;
  });
  const usedOf = (usage: UsageView, cost: CostView | null) =>
    currency() === null ? tokens(usage) : (cost?.amount ?? 0);
  const shown = (used: number) => {
    const of = currency();
    return of === null ? short(used) : money({ amount: used, currency: of, unpriced: [] });
  };
  const shares = createMemo(() => {
    const all = [
      { name: "Planner and merging", used: usedOf(job().ownUsage, job().ownCost) },
      ...subtasks().map(({ title, usage, cost }) => ({ name: title, used: usedOf(usage, cost) })),
    ]
      .filter(({ used }) => used > 0)
      .sort((a, b) => b.used - a.used);
    const rest = all.slice(MOST_SHOWN);
    if (rest.length === 0) return all;
    return [
      ...all.slice(0, MOST_SHOWN),
      { name: `${rest.length} more`, used: rest.reduce((sum, { used }) => sum + used, 0) },
    ];
  });
  const most = () => Math.max(Number.MIN_VALUE, ...shares().map(({ used }) => used));
  const hint = () => {
    const { cost } = job();
    if (cost === null) return "In money, too, once “prices” in orch.config.json says what models cost.";
    if (cost.unpriced.length === 0) return null;
    return `Without ${cost.unpriced.join(", ")}: “prices” in orch.config.json has no price for it.`;
  };
  const total = () => {
    const { usage, cost } = job();
    return isPriced(cost) ? spent(usage, cost) : `${count(tokens(usage))} tokens`;
  };
  return (
    <Card title="Cost" end={<span class="num">{total()}</span>}>
      <dl class={`${styles.kinds} num`}>
        <div>
          <dt>In</dt>
          <dd>{short(job().usage.inputTokens)}</dd>
        </div>
        <div>
          <dt>of it cached</dt>
          <dd>{short(job().usage.cachedInputTokens)}</dd>
        </div>
        <div>
          <dt>Out</dt>
          <dd>{short(job().usage.outputTokens)}</dd>
        </div>
        <div>
          <dt>of it reasoning</dt>
          <dd>{short(job().usage.reasoningOutputTokens)}</dd>
        </div>
      </dl>
      <ul class={styles.shares}>
        <Index each={shares()}>
          {(share) => (
            <li class={styles.share}>
              <span class={styles.bar} style={{ width: `${(share().used / most()) * 100}%` }} aria-hidden="true" />
              <span class={`${styles.name} clip`}>{share().name}</span>
              <span class={`${styles.used} num`}>{shown(share().used)}</span>
            </li>
          )}
        </Index>
      </ul>
      <Show when={hint()}>{(text) => <p class={styles.hint}>{text()}</p>}</Show>
    </Card>
  );
}
