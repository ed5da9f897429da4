/** What needs the user, before everything else: what failed with its cause and next step, and what the job waits for. */

import { For, Match, Show, Switch } from "solid-js";
import type { Waiting } from "../../../../src/core/protocol/jobs.ts";
import { Button } from "../../design/button.tsx";
import { ErrorWords } from "../../design/error-words.tsx";
import { StateMark } from "../../design/state-mark.tsx";
import { useLive } from "../../live/live.tsx";
import { setQuery } from "../../routing/router.ts";
import { eventInWords } from "../../words/events.ts";
import { duration, many } from "../../words/format.ts";
import { useJobActions } from "../actions/job-actions.tsx";
import { useJob } from "../job-context.ts";
import styles from "./attention.module.css";
import { Notice } from "./notice.tsx";

const MOST_SHOWN = 5;

export function Attention() {
  const { job, subtasks, at } = useJob();
  const failed = () => subtasks().filter(({ status }) => status === "failed");
  /** Then each is shown below with its own error: the job's would say the first one twice. */
  const areSubtasks = () => job().failure?.code === "subtasks-failed" && failed().length > 0;
  return (
    <>
      <Show when={job().failure !== null || failed().length > 0}>
        <Notice
          state="failed"
          title={job().failure === null ? `${many(failed().length, "subtask")} failed` : "The job failed"}
        >
          <Show when={areSubtasks()} fallback={<Show when={job().failure}>{(it) => <ErrorWords error={it()} />}</Show>}>
            <p class="quiet">
              {failed().length} of {many(subtasks().length, "subtask")} failed; what the others made is kept. Try again,
              or go on without what failed.
            </p>
          </Show>
          <FailedSubtasks />
        </Notice>
      </Show>
      <Show when={at() === null}>
        <For each={job().waitsFor.filter((waiting) => waiting.for !== "decision")}>
          {(waiting) => <Waits waiting={waiting} />}
        </For>
        <For each={job().pending}>
          {(word) => (
            <Notice state="pending" title="Told, and not taken yet">
              <p class="quiet">
                <code>{eventInWords(word.type)}</code>
                {word.subtaskId === null ? "" : ` for ${word.subtaskId}`}: it takes effect as soon as the job runs on.
              </p>
            </Notice>
          )}
        </For>
      </Show>
    </>
  );
}

function FailedSubtasks() {
  const { subtasks } = useJob();
  const actions = useJobActions();
  const failed = () => subtasks().filter(({ status }) => status === "failed");
  return (
    <ul class={styles.failed}>
      <For each={failed().slice(0, MOST_SHOWN)}>
        {(subtask) => (
          <li class={styles.subtask}>
            <StateMark state="failed" size={15} class={styles.mark} />
            <div class={styles.words}>
              <button type="button" class={styles.name} onClick={() => setQuery("subtask", subtask.id)}>
                {subtask.title}
              </button>
              <Show when={subtask.error}>{(error) => <ErrorWords error={error()} />}</Show>
            </div>
            <div class={styles.buttons}>
              <Show when={actions.isPossible("retry", subtask.id)}>
                <Button size="sm" icon="retry" onClick={() => actions.start("retry", subtask.id)}>
                  Retry
                </Button>
              </Show>
              <Show when={actions.isPossible("skip", subtask.id)}>
                <Button size="sm" icon="skip" kind="quiet" onClick={() => actions.start("skip", subtask.id)}>
                  Skip …
                </Button>
              </Show>
            </div>
          </li>
        )}
      </For>
      <Show when={failed().length > MOST_SHOWN}>
        <li class="quiet">
          and {many(failed().length - MOST_SHOWN, "more subtask")}: filter the axis below by “Failed”
        </li>
      </Show>
    </ul>
  );
}

function Waits(props: { waiting: Waiting }) {
  const { subtasks, job } = useJob();
  const { now } = useLive();
  return (
    <Switch>
      <Match when={props.waiting.for === "approval"}>
        <Notice state="waiting" title="The plan waits for you">
          <p class="quiet">
            {many(subtasks().length, "subtask")}, at most {job().settings.concurrency} at a time. Read the plan below,
            then approve it or send it back with what should be otherwise. No agent works before that.
          </p>
        </Notice>
      </Match>
      <Match when={props.waiting.for === "resume"}>
        <Notice state="interrupted" title="Nobody runs this job">
          <p class="quiet">
            The process that ran it is gone. Nothing is lost: resume it here, and it goes on where it stood, with agents
            that still work taken over.
          </p>
        </Notice>
      </Match>
      <Match when={props.waiting.for === "continue"}>
        <Notice state="paused" title="The job is paused">
          <p class="quiet">It goes on where it stood when you continue it.</p>
        </Notice>
      </Match>
      <Match when={props.waiting.for === "retry" && props.waiting}>
        {(retry) => (
          <Notice
            state="retrying"
            title={`${titleOf(subtasks(), retry().subtaskId)}: again in ${duration(retry().at - now())}`}
          >
            <Show when={retry().error}>{(error) => <ErrorWords error={error()} />}</Show>
          </Notice>
        )}
      </Match>
    </Switch>
  );
}

function titleOf(subtasks: readonly { id: string; title: string }[], id: string | null): string {
  return id === null ? "The job's own work" : (subtasks.find((subtask) => subtask.id === id)?.title ?? id);
}
