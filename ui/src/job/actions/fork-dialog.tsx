/** Makes a new job that begins at a point of this one's history. */

import { createSignal } from "solid-js";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Checkbox } from "../../design/field.tsx";
import { fullTime } from "../../words/format.ts";
import { useJob } from "../job-context.ts";

export function ForkDialog(props: { at: number; close: () => void; fork: (isRun: boolean) => Promise<void> }) {
  const scope = useJob();
  const [isRun, setRun] = createSignal(true);
  const [isSending, setSending] = createSignal(false);
  const when = () => scope.entries.timeOf(props.at);
  return (
    <Dialog
      title="Fork the job"
      close={props.close}
      footer={
        <>
          <Button onClick={() => props.close()}>Close</Button>
          <Button
            kind="primary"
            icon="fork"
            disabled={isSending()}
            onClick={async () => {
              setSending(true);
              await props.fork(isRun());
              setSending(false);
            }}
          >
            Fork at entry {props.at}
          </Button>
        </>
      }
    >
      <p class="quiet">
        A new job begins as this one was after entry <span class="num">{props.at}</span>
        {when() === undefined ? "" : ` (${fullTime(when() as number)})`}. What was done and paid for up to there is
        taken over; this job is not changed.
      </p>
      <Checkbox
        label="Run it at once"
        help="Otherwise it stands still until you resume it."
        isChecked={isRun()}
        change={setRun}
      />
    </Dialog>
  );
}
