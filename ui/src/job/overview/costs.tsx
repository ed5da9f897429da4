/** What was paid for, by kind of token and by who used it. */

import { createMemo, Index } from "solid-js";
import { count, short, tokens } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import { Card } from "./card.tsx";
import styles from "./costs.module.css";

const MOST_SHOWN = 6;

export function Costs() {
  const { job, subtasks } = useJob();
  const shares = createMemo(() => {
    const all = [
      { name: "Planner and merging", used: tokens(job().ownUsage) },
      ...subtasks().map(({ title, usage }) => ({ name: title, used: tokens(usage) })),
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
  const most = () => Math.max(1, ...shares().map(({ used }) => used));
  return (
    <Card title="Tokens" end={<span class="num">{count(tokens(job().usage))}</span>}>
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
              <span class={`${styles.used} num`}>{short(share().used)}</span>
            </li>
          )}
        </Index>
      </ul>
    </Card>
  );
}
