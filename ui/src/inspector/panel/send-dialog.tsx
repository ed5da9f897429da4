/** Asks before an event is sent, and for what has to be said with it. */

import { createSignal, For, Show } from "solid-js";
import type { PossibleEvent } from "../../../../src/core/protocol/machine.ts";
import { sendEvent } from "../../api/jobs.ts";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/field.tsx";
import { useToasts } from "../../design/toast.tsx";
import { useInspector } from "../model/inspector.ts";
import styles from "./panel.module.css";

export function SendDialog(props: { event: PossibleEvent; close: () => void }) {
  const { scope } = useInspector();
  const toasts = useToasts();
  const [said, setSaid] = createSignal<Readonly<Record<string, string>>>(firstOf(props.event));
  const [isBusy, setBusy] = createSignal(false);
  const isComplete = () =>
    props.event.fields.every(({ name, isRequired }) => !isRequired || (said()[name] ?? "").trim() !== "");
  const say = (name: string, value: string) => setSaid((all) => ({ ...all, [name]: value }));
  const send = async () => {
    setBusy(true);
    const fields = Object.fromEntries(Object.entries(said()).filter(([, value]) => value.trim() !== ""));
    try {
      const done = await sendEvent(scope.id, { actorId: props.event.actorId, type: props.event.type, fields });
      toasts.say(done.said);
      if (done.notRun) toasts.warn(done.notRun);
      props.close();
    } catch (error) {
      toasts.fail(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`Send ${props.event.type}?`}
      close={props.close}
      footer={
        <>
          <Button onClick={() => props.close()}>Not now</Button>
          <Button
            kind={props.event.type.endsWith(".cancel") ? "danger" : "primary"}
            disabled={isBusy() || !isComplete()}
            onClick={() => void send()}
          >
            Send
          </Button>
        </>
      }
    >
      <p class="quiet">
        It is written down first, and taken by <code>{props.event.actorId}</code> as soon as the job runs. It cannot be
        taken back.
      </p>
      <div class={styles.fields}>
        <For each={props.event.fields}>
          {(field) => (
            <Field label={field.name} help={field.isRequired ? "" : "May be left empty."}>
              {(ids) => (
                <Show
                  when={field.kind === "choice"}
                  fallback={
                    <textarea
                      {...ids}
                      class="input"
                      maxLength={20_000}
                      value={said()[field.name] ?? ""}
                      onInput={(event) => say(field.name, event.currentTarget.value)}
                    />
                  }
                >
                  <select {...ids} class="input" onChange={(event) => say(field.name, event.currentTarget.value)}>
                    <Show when={!field.isRequired}>
                      <option value="">all</option>
                    </Show>
                    <For each={field.values}>
                      {(value) => (
                        <option value={value} selected={said()[field.name] === value}>
                          {value}
                        </option>
                      )}
                    </For>
                  </select>
                </Show>
              )}
            </Field>
          )}
        </For>
      </div>
    </Dialog>
  );
}

/** What has to be chosen begins with the first. */
function firstOf({ fields }: PossibleEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap(({ name, kind, isRequired, values }) =>
      kind === "choice" && isRequired && values[0] !== undefined ? [[name, values[0]]] : [],
    ),
  );
}
