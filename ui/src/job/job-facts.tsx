/** Where the job works, since when, how long, and what it cost, in one line. */

import { Show } from "solid-js";
import { Icon } from "../design/icons.tsx";
import { useLive } from "../live/live.tsx";
import { Link } from "../routing/link.tsx";
import { jobAddress } from "../routing/routes.ts";
import { ago, duration, fullTime, isPriced, money, short, shortCommit, spentInWords, tokens } from "../words/format.ts";
import { useJob } from "./job-context.ts";
import styles from "./job-facts.module.css";

export function JobFacts() {
  const { job, at, point } = useJob();
  const { now } = useLive();
  const until = () => point()?.entry.at ?? job().settledAt ?? now();
  return (
    <dl class={styles.facts}>
      <Show when={!job().isCodingJob}>
        <div class={styles.fact}>
          <dt class="only-spoken">Workflow</dt>
          <Icon name="fork" size={14} />
          <dd>{job().workflow}</dd>
        </div>
      </Show>
      <Show when={job().repository.path !== ""}>
        <div class={styles.fact}>
          <dt class="only-spoken">Repository</dt>
          <Icon name="repository" size={14} />
          <dd title={job().repository.path}>{job().repository.name}</dd>
        </div>
      </Show>
      <Show when={job().baseCommit !== ""}>
        <div class={styles.fact}>
          <dt class="only-spoken">Begun from</dt>
          <Icon name="branch" size={14} />
          <dd>
            {job().baseBranch ?? "detached"} <code title={job().baseCommit}>{shortCommit(job().baseCommit)}</code>
          </dd>
        </div>
      </Show>
      <Show when={job().forkedFrom}>
        {(from) => (
          <div class={styles.fact}>
            <dt class="only-spoken">Forked from</dt>
            <Icon name="fork" size={14} />
            <dd>
              <Link class={styles.link} to={jobAddress(from().jobId)}>
                {from().jobId}
              </Link>{" "}
              at entry <span class="num">{from().at}</span>
            </dd>
          </div>
        )}
      </Show>
      <div class={styles.fact}>
        <dt class="only-spoken">Time</dt>
        <Icon name="clock" size={14} />
        <dd class="num">
          {duration(until() - job().createdAt)}
          <Show when={at() === null}>
            <span class="faint" title={fullTime(job().createdAt)}>
              {" "}
              · began {ago(job().createdAt, now())}
            </span>
          </Show>
        </dd>
      </div>
      <Show when={job().isCodingJob || tokens(job().usage) > 0}>
        <div class={styles.fact}>
          <dt class="only-spoken">Cost</dt>
          <Icon name="coins" size={14} />
          <dd class="num" title={spentInWords(job().usage, job().cost)}>
            <Show when={job().cost} fallback={`${short(tokens(job().usage))} tokens`}>
              {(cost) => (
                <Show when={isPriced(cost())} fallback={`${short(tokens(job().usage))} tokens`}>
                  {money(cost())}
                  <Show when={cost().unpriced.length > 0}>+</Show>
                  <span class="faint"> · {short(tokens(job().usage))} tokens</span>
                </Show>
              )}
            </Show>
          </dd>
        </div>
      </Show>
    </dl>
  );
}
