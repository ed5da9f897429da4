/** Sends a plan back to the planner, with what it should do otherwise. */

import { createSignal } from "solid-js";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/field.tsx";

export function RejectDialog(props: { close: () => void; reject: (feedback: string) => Promise<void> }) {
  const [feedback, setFeedback] = createSignal("");
  const [isSending, setSending] = createSignal(false);
  const send = async () => {
    if (feedback().trim() === "") return;
    setSending(true);
    await props.reject(feedback().trim());
    setSending(false);
  };
  return (
    <Dialog
      title="Send the plan back"
      close={props.close}
      footer={
        <>
          <Button onClick={() => props.close()}>Keep waiting</Button>
          <Button kind="primary" disabled={isSending() || feedback().trim() === ""} onClick={() => void send()}>
            Send back
          </Button>
        </>
      }
    >
      <Field label="What should be otherwise?" help="The planner reads this and makes a new plan.">
        {(ids) => (
          <textarea
            {...ids}
            class="input"
            rows="5"
            maxLength="20000"
            autofocus
            value={feedback()}
            onInput={(event) => setFeedback(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
