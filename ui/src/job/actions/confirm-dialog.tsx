/** Asks back before something is lost. The safe answer has the focus. */

import { onMount } from "solid-js";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import type { Confirmation } from "./confirmations.ts";

export function ConfirmDialog(props: { confirmation: Confirmation; close: () => void; confirm: () => void }) {
  let keep!: HTMLButtonElement;
  onMount(() => queueMicrotask(() => keep.focus()));
  return (
    <Dialog
      title={props.confirmation.title}
      close={props.close}
      footer={
        <>
          <Button ref={keep} onClick={() => props.close()}>
            Keep it
          </Button>
          <Button kind={props.confirmation.isDanger ? "danger" : "primary"} onClick={() => props.confirm()}>
            {props.confirmation.confirm}
          </Button>
        </>
      }
    >
      <p class="quiet">{props.confirmation.words}</p>
    </Dialog>
  );
}
