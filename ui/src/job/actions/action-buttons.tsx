/** The job's actions as buttons: what is next to do stands out, the rest is in a menu, with the reason if it cannot be. */

import { createMemo, For, Show } from "solid-js";
import type { ActionName } from "../../../../src/core/protocol/jobs.ts";
import { Button, IconButton } from "../../design/button.tsx";
import type { IconName } from "../../design/icons.tsx";
import { Menu } from "../../design/menu.tsx";
import styles from "./action-buttons.module.css";
import { useJobActions } from "./job-actions.tsx";

export const ACTION_LOOKS: Readonly<Record<ActionName, { label: string; icon: IconName; hint: string }>> = {
  approve: { label: "Approve the plan", icon: "check", hint: "The work begins" },
  reject: { label: "Send back …", icon: "retry", hint: "The planner makes another plan" },
  resume: { label: "Resume", icon: "play", hint: "This dashboard runs it, from where it stood" },
  continue: { label: "Continue", icon: "play", hint: "It goes on where it was paused" },
  retry: { label: "Retry", icon: "retry", hint: "What failed is tried again; what is done stays" },
  skip: { label: "Skip", icon: "skip", hint: "It goes on without a subtask" },
  pause: { label: "Pause", icon: "pause", hint: "Agents finish nothing new until you continue" },
  fork: { label: "Fork …", icon: "fork", hint: "A new job from a point of this one" },
  cancel: { label: "Cancel …", icon: "stop", hint: "It is ended for good" },
};

/** In the order of how likely they are wanted. Those with a subtask stand with the subtask. */
const ORDER: readonly ActionName[] = ["approve", "reject", "resume", "continue", "retry", "pause", "fork", "cancel"];
/** The others are shown only while they are possible: to approve is no word for a job without a plan. */
const ALWAYS_SHOWN: readonly ActionName[] = ["pause", "fork", "cancel"];
const IN_FRONT: readonly ActionName[] = ORDER.filter((name) => name !== "fork" && name !== "cancel");

export function ActionButtons() {
  const actions = useJobActions();
  const inFront = createMemo(() => IN_FRONT.filter((name) => actions.isPossible(name)));
  const menu = createMemo(() =>
    ALWAYS_SHOWN.filter((name) => !inFront().includes(name)).map((name) => {
      const { label, icon, hint } = ACTION_LOOKS[name];
      const found = actions.find(name);
      return {
        label,
        icon,
        hint: found?.isPossible ? hint : (found?.reason?.message ?? "Not now"),
        isDisabled: found?.isPossible !== true,
        isDanger: name === "cancel" && found?.isPossible === true,
        act: () => actions.start(name),
      };
    }),
  );
  return (
    <div class={styles.actions}>
      <For each={inFront()}>
        {(name, index) => (
          <Button
            kind={index() === 0 && name !== "pause" ? "primary" : "plain"}
            icon={ACTION_LOOKS[name].icon}
            title={ACTION_LOOKS[name].hint}
            disabled={actions.isBusy()}
            onClick={() => actions.start(name)}
          >
            {ACTION_LOOKS[name].label}
          </Button>
        )}
      </For>
      <Show when={menu().length > 0}>
        <Menu
          label="More actions"
          align="end"
          items={menu()}
          trigger={(trigger) => <IconButton {...trigger} kind="plain" icon="more" label="More actions" />}
        />
      </Show>
    </div>
  );
}
