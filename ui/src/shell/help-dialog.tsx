/** The keys of the page that is shown. */

import { For } from "solid-js";
import { Dialog } from "../design/dialog.tsx";
import { Keys } from "../design/keys.tsx";
import styles from "./help-dialog.module.css";
import { shortcutGroups } from "./shortcuts.ts";

export function HelpDialog(props: { close: () => void }) {
  return (
    <Dialog title="Keyboard" close={props.close}>
      <For each={shortcutGroups()}>
        {({ title, shortcuts }) => (
          <section class={styles.group}>
            <h3 class={styles.title}>{title}</h3>
            <dl>
              <For each={shortcuts}>
                {({ keys, does }) => (
                  <div class={styles.row}>
                    <dt>{does}</dt>
                    <dd>
                      <Keys keys={NAMES[keys] ?? keys} />
                    </dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
    </Dialog>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};
