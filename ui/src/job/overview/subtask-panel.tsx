/** All that is known of one subtask, beside the page. */

import { For, onMount, Show } from "solid-js";
import type { SubtaskItem } from "../../../../src/core/protocol/jobs.ts";
import { StateBadge, Tag } from "../../design/badge.tsx";
import { Button, IconButton } from "../../design/button.tsx";
import { DiffStat } from "../../design/diff-stat.tsx";
import { ErrorWords } from "../../design/error-words.tsx";
import { useToasts } from "../../design/toast.tsx";
import { useLive } from "../../live/live.tsx";
import { Link } from "../../routing/link.tsx";
import { setQuery } from "../../routing/router.ts";
import { jobAddress } from "../../routing/routes.ts";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { clock, count, duration, isPriced, shortCommit, spent, spentInWords, tokens } from "../../words/format.ts";
import { subtaskPhase } from "../../words/phases.ts";
import { useJobActions } from "../actions/job-actions.tsx";
import { useJob } from "../job-context.ts";
import { markOf } from "../subtask-words.ts";
import styles from "./subtask-panel.module.css";

export function SubtaskPanel(props: { subtask: SubtaskItem; close: () => void }) {
  const scope = useJob();
  const actions = useJobActions();
  const toasts = useToasts();
  const { now } = useLive();
  useShortcuts("A subtask", [{ keys: "Escape", does: "Close it", act: props.close }]);
  const instructions = () => scope.now.subtasks.find(({ id }) => id === props.subtask.id)?.instructions ?? null;
  onMount(() => {
    if (instructions() === null) scope.loadInstructions().catch(toasts.fail);
  });
  const until = () => props.subtask.finishedAt ?? scope.point()?.entry.at ?? scope.now.job.settledAt ?? now();
  const of = () => `?of=${encodeURIComponent(props.subtask.id)}`;
  return (
    <aside class={styles.panel} aria-label={`Subtask ${props.subtask.title}`}>
      <header class={styles.head}>
        <StateBadge state={markOf(props.subtask)} label={statusWords(props.subtask)} />
        <IconButton icon="close" label="Close the subtask" size="sm" onClick={() => props.close()} />
      </header>
      <h2 class={styles.title}>{props.subtask.title}</h2>
      <code class="faint">{props.subtask.id}</code>

      <Show when={props.subtask.error ?? props.subtask.retry?.error}>
        {(error) => (
          <div class={styles.error} data-state={markOf(props.subtask)}>
            <ErrorWords error={error()} />
          </div>
        )}
      </Show>
      <div class={styles.buttons}>
        <Show when={actions.isPossible("retry", props.subtask.id)}>
          <Button size="sm" icon="retry" onClick={() => actions.start("retry", props.subtask.id)}>
            Retry
          </Button>
        </Show>
        <Show when={actions.isPossible("skip", props.subtask.id)}>
          <Button size="sm" icon="skip" onClick={() => actions.start("skip", props.subtask.id)}>
            Skip …
          </Button>
        </Show>
      </div>
      <Show when={props.subtask.line}>{(line) => <p class={`${styles.line} words`}>{line()}</p>}</Show>

      <dl class={styles.facts}>
        <Show when={props.subtask.startedAt}>
          {(time) => (
            <div>
              <dt>Time</dt>
              <dd class="num">
                {duration(until() - time())} <span class="faint">from {clock(time())}</span>
              </dd>
            </div>
          )}
        </Show>
        <Show when={props.subtask.tries > 1}>
          <div>
            <dt>Tries</dt>
            <dd class="num">{props.subtask.tries}</dd>
          </div>
        </Show>
        <Show when={tokens(props.subtask.usage) > 0}>
          <div>
            <dt>Cost</dt>
            <dd class="num" title={spentInWords(props.subtask.usage, props.subtask.cost)}>
              <Show when={isPriced(props.subtask.cost)}>{spent(props.subtask.usage, props.subtask.cost)} · </Show>
              {count(tokens(props.subtask.usage))} tokens
            </dd>
          </div>
        </Show>
        <Show when={props.subtask.stat}>
          {(stat) => (
            <div>
              <dt>Changed</dt>
              <dd>
                <DiffStat stat={stat()} />
              </dd>
            </div>
          )}
        </Show>
        <Show when={props.subtask.commit}>
          {(commit) => (
            <div>
              <dt>Commit</dt>
              <dd>
                <code title={commit()}>{shortCommit(commit())}</code>
              </dd>
            </div>
          )}
        </Show>
        <Show when={props.subtask.dependsOn.length > 0}>
          <div>
            <dt>After</dt>
            <dd class={styles.tags}>
              <For each={props.subtask.dependsOn}>
                {(id) => (
                  <button type="button" onClick={() => setQuery("subtask", id)}>
                    <Tag>{id}</Tag>
                  </button>
                )}
              </For>
            </dd>
          </div>
        </Show>
      </dl>
      <nav class={styles.links} aria-label="More of the subtask">
        <Show when={props.subtask.tries > 0}>
          <Link to={`${jobAddress(scope.id, "diff")}${of()}`}>Diff</Link>
          <Link to={`${jobAddress(scope.id, "logs")}${of()}`}>Logs</Link>
          <Link to={`${jobAddress(scope.id, "inspector")}${of()}`}>Inspector</Link>
        </Show>
      </nav>
      <h3 class={styles.subtitle}>Instructions</h3>
      <p class={`${styles.instructions} words`}>{instructions() ?? "Loading …"}</p>
    </aside>
  );
}

function statusWords(subtask: SubtaskItem): string | undefined {
  return markOf(subtask) === "running" ? subtaskPhase(subtask.phase) || undefined : undefined;
}
