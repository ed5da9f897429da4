/** What can be done with the job, from any tab: asked back where something is lost, said in a toast when it is done. */

import { type Accessor, createContext, createSignal, type ParentProps, Show, useContext } from "solid-js";
import type { JobAction, SendEvent } from "../../../../src/core/protocol/actions.ts";
import type { ErrorView } from "../../../../src/core/protocol/common.ts";
import type { ActionName, ActionView } from "../../../../src/core/protocol/jobs.ts";
import { actOnJob, forkJob, sendEvent } from "../../api/jobs.ts";
import { useToasts } from "../../design/toast.tsx";
import { go } from "../../routing/router.ts";
import { jobAddress } from "../../routing/routes.ts";
import { useJob } from "../job-context.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { type Confirmation, confirmationOf } from "./confirmations.ts";
import { ForkDialog } from "./fork-dialog.tsx";
import { RejectDialog } from "./reject-dialog.tsx";

export interface JobActions {
  /** Asks for what it needs (a confirmation, the feedback of `reject`, the point of `fork`), then has it done. */
  readonly start: (action: ActionName, subtaskId?: string) => void;
  /** Opens the dialog that forks from a point of the history. */
  readonly fork: (at: number) => void;
  readonly send: (event: SendEvent) => Promise<void>;
  /** Whether it can be done now; with `subtaskId`, of that subtask. */
  readonly isPossible: (action: ActionName, subtaskId?: string) => boolean;
  readonly find: (action: ActionName) => ActionView | undefined;
  /** Something was sent and is not answered yet. */
  readonly isBusy: Accessor<boolean>;
}

const ActionsContext = createContext<JobActions>();

export function useJobActions(): JobActions {
  const actions = useContext(ActionsContext);
  if (actions === undefined) throw new Error("useJobActions outside of JobActionsProvider");
  return actions;
}

export function JobActionsProvider(props: ParentProps) {
  const scope = useJob();
  const toasts = useToasts();
  const [isBusy, setBusy] = createSignal(false);
  const [asked, setAsked] = createSignal<{ confirmation: Confirmation; action: JobAction } | null>(null);
  const [isRejecting, setRejecting] = createSignal(false);
  const [forkAt, setForkAt] = createSignal<number | null>(null);

  /** @returns whether it was done */
  const attempt = async (work: () => Promise<{ said: string; notRun: ErrorView | null }>): Promise<boolean> => {
    setBusy(true);
    try {
      const { said, notRun } = await work();
      if (notRun) toasts.warn({ ...notRun, message: `${said}, but the job does not run: ${notRun.message}` });
      else toasts.say(said);
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const act = (action: JobAction) => attempt(() => actOnJob(scope.id, action));

  const value: JobActions = {
    start(name, subtaskId) {
      if (name === "reject") return void setRejecting(true);
      if (name === "fork") return void setForkAt(scope.at() ?? scope.last());
      const action = { action: name, ...(subtaskId === undefined ? {} : { subtaskId }) } as JobAction;
      const confirmation = confirmationOf(name, subtaskId, scope.now.job);
      if (confirmation === null) void act(action);
      else setAsked({ confirmation, action });
    },
    fork: setForkAt,
    async send(event) {
      await attempt(() => sendEvent(scope.id, event));
    },
    find: (name) => scope.now.job.actions.find(({ action }) => action === name),
    isPossible(name, subtaskId) {
      const found = value.find(name);
      return found?.isPossible === true && (subtaskId === undefined || found.subtaskIds.includes(subtaskId));
    },
    isBusy,
  };

  return (
    <ActionsContext.Provider value={value}>
      {props.children}
      <Show when={asked()}>
        {(now) => (
          <ConfirmDialog
            confirmation={now().confirmation}
            close={() => setAsked(null)}
            confirm={() => {
              const { action } = now();
              setAsked(null);
              void act(action);
            }}
          />
        )}
      </Show>
      <Show when={isRejecting()}>
        <RejectDialog
          close={() => setRejecting(false)}
          reject={async (feedback) => {
            if (await act({ action: "reject", feedback })) setRejecting(false);
          }}
        />
      </Show>
      <Show when={forkAt() !== null}>
        <ForkDialog
          at={forkAt() as number}
          close={() => setForkAt(null)}
          fork={async (isRun) => {
            const done = await attempt(async () => {
              const { jobId } = await forkJob(scope.id, { at: forkAt() as number, run: isRun });
              setForkAt(null);
              go(jobAddress(jobId));
              return { said: `Forked: ${jobId}`, notRun: null };
            });
            if (done) setForkAt(null);
          }}
        />
      </Show>
    </ActionsContext.Provider>
  );
}
