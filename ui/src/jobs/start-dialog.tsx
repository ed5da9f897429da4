/** Starts a job in one of the repositories that the server knows. */

import { createSignal, For, Show } from "solid-js";
import type { StartJob } from "../../../src/core/protocol/actions.ts";
import type { SessionView } from "../../../src/core/protocol/jobs.ts";
import { toErrorView } from "../api/api-error.ts";
import { startJob } from "../api/jobs.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { ErrorWords } from "../design/error-words.tsx";
import { Checkbox, Field } from "../design/field.tsx";
import { go } from "../routing/router.ts";
import { jobAddress } from "../routing/routes.ts";
import styles from "./start-dialog.module.css";

export function StartDialog(props: { session: SessionView | undefined; close: () => void }) {
  const [repository, setRepository] = createSignal<string>();
  const [task, setTask] = createSignal("");
  const [approvePlan, setApprovePlan] = createSignal(false);
  const [pushResult, setPushResult] = createSignal(false);
  const [isSending, setSending] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const repositories = () => props.session?.repositories ?? [];
  const chosen = () => repository() ?? repositories()[0]?.id;
  let form!: HTMLFormElement;

  const send = async (event: Event) => {
    event.preventDefault();
    const wanted = chosen();
    if (wanted === undefined || task().trim() === "" || isSending()) return;
    setSending(true);
    setError(null);
    try {
      const said: StartJob = { repository: wanted, task: task(), ...optional(form) };
      const { jobId } = await startJob({ ...said, approvePlan: approvePlan(), pushResult: pushResult() });
      props.close();
      go(jobAddress(jobId));
    } catch (cause) {
      setError(cause);
    } finally {
      setSending(false);
    }
  };
  const sendByKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send(event);
  };

  return (
    <Dialog
      title="New job"
      isWide
      close={props.close}
      footer={
        <>
          <Button onClick={() => props.close()}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="start-job"
            disabled={isSending() || task().trim() === "" || chosen() === undefined}
          >
            {isSending() ? "Starting …" : "Start the job"}
          </Button>
        </>
      }
    >
      <form id="start-job" ref={form} onSubmit={(event) => void send(event)} onKeyDown={sendByKey}>
        <Show when={error() ?? (props.session?.runner?.isReady === false ? props.session.runner.error : null)}>
          {(cause) => (
            <div class={styles.error} role="alert">
              <ErrorWords error={error() === null ? (cause() as { message: string }) : toErrorView(cause())} />
            </div>
          )}
        </Show>
        <Field label="Task" help="Say what shall be different afterwards, and what must stay as it is.">
          {(ids) => (
            <textarea
              {...ids}
              class="input"
              required
              rows="6"
              maxLength="100000"
              autofocus
              placeholder="Add a health check to the worker, and describe it in the README"
              value={task()}
              onInput={(event) => setTask(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Repository" help={repositories().find(({ id }) => id === chosen())?.path}>
          {(ids) => (
            <select
              {...ids}
              class="input"
              value={chosen()}
              onChange={(event) => setRepository(event.currentTarget.value)}
            >
              <For each={repositories()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
            </select>
          )}
        </Field>
        <Checkbox
          label="Show me the plan first"
          help="The work begins when you have approved it."
          isChecked={approvePlan()}
          change={setApprovePlan}
        />
        <Checkbox
          label="Push the result"
          help="Only the result's own branch, never another one."
          isChecked={pushResult()}
          change={setPushResult}
        />
        <details class={styles.more}>
          <summary>More</summary>
          <div class={styles.grid}>
            <Field label="Base branch" help="Empty: what is checked out now.">
              {(ids) => (
                <input {...ids} name="baseBranch" class="input" maxLength="250" autocomplete="off" spellcheck={false} />
              )}
            </Field>
            <Field label="Agents at a time" help="Empty: as the repository says.">
              {(ids) => <input {...ids} name="concurrency" class="input num" type="number" min="1" max="64" />}
            </Field>
            <Field label="Subtasks at most">
              {(ids) => <input {...ids} name="maxSubtasks" class="input num" type="number" min="1" max="500" />}
            </Field>
            <Field label="Name of the job" help="Empty: one is made.">
              {(ids) => (
                <input {...ids} name="jobId" class="input" maxLength="64" autocomplete="off" spellcheck={false} />
              )}
            </Field>
          </div>
        </details>
      </form>
    </Dialog>
  );
}

/** What was filled in under "More". */
function optional(form: HTMLFormElement): Partial<StartJob> {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const entries = [
    ...["baseBranch", "jobId"].map((name) => [name, text(name)] as const),
    ...["concurrency", "maxSubtasks"].map((name) => [name, text(name) === "" ? "" : Number(text(name))] as const),
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}
