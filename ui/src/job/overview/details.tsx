/** How the job was set, and where its files lie. */

import { Show } from "solid-js";
import { Copyable } from "../../design/copy.tsx";
import { fullTime, many } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import { Card } from "./card.tsx";
import styles from "./details.module.css";

export function Details() {
  const { job } = useJob();
  const settings = () => job().settings;
  return (
    <Card title="Details">
      <dl class={styles.details}>
        <div>
          <dt>Began</dt>
          <dd class="num">{fullTime(job().createdAt)}</dd>
        </div>
        <Show when={job().settledAt}>
          {(time) => (
            <div>
              <dt>Ended</dt>
              <dd class="num">{fullTime(time())}</dd>
            </div>
          )}
        </Show>
        <Show when={!job().isCodingJob}>
          <div>
            <dt>Workflow</dt>
            <dd>
              <code class="words">{job().workflow}</code>
            </dd>
          </div>
        </Show>
        <Show when={job().isCodingJob}>
          <div>
            <dt>Agents</dt>
            <dd>
              {many(settings().concurrency, "at a time", "at a time")}, {settings().maxSubtasks} subtasks at most
            </dd>
          </div>
          <div>
            <dt>Models</dt>
            <dd>
              {settings().plannerModel} plans, {settings().codexModel ?? "Codex's own choice"} works
            </dd>
          </div>
        </Show>
        <Show when={settings().setup.length > 0}>
          <div>
            <dt>Set up with</dt>
            <dd>
              <code class="words">{settings().setup.join(" && ")}</code>
            </dd>
          </div>
        </Show>
        <Show when={settings().verify.length > 0}>
          <div>
            <dt>Verified with</dt>
            <dd>
              <code class="words">{settings().verify.join(" && ")}</code>
            </dd>
          </div>
        </Show>
        <Show when={job().repository.path !== ""}>
          <div>
            <dt>Repository</dt>
            <dd>
              <Copyable text={job().repository.path} label="the repository's path" />
            </dd>
          </div>
        </Show>
        <Show when={job().isCodingJob}>
          <div>
            <dt>Worktrees</dt>
            <dd>
              <Copyable text={job().paths.worktrees} label="the worktrees' path" />
            </dd>
          </div>
        </Show>
      </dl>
    </Card>
  );
}
