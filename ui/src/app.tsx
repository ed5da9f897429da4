/** The shell around the pages, and which page the address means. */

import { createSignal, Match, Show, Switch } from "solid-js";
import { ToastProvider } from "./design/toast.tsx";
import { JobPage } from "./job/job-page.tsx";
import { JobsPage } from "./jobs/jobs-page.tsx";
import { LiveProvider, useLive } from "./live/live.tsx";
import { go, route } from "./routing/router.ts";
import { ConnectionBar } from "./shell/connection-sign.tsx";
import { Header } from "./shell/header.tsx";
import { HelpDialog } from "./shell/help-dialog.tsx";
import { Nowhere } from "./shell/nowhere.tsx";
import { useShortcuts } from "./shell/shortcuts.ts";
import { SignedOut } from "./shell/signed-out.tsx";

export function App() {
  return (
    <ToastProvider>
      <LiveProvider>
        <Shell />
      </LiveProvider>
    </ToastProvider>
  );
}

function Shell() {
  const { status } = useLive();
  const [isHelpOpen, setHelpOpen] = createSignal(false);
  useShortcuts("Everywhere", [
    { keys: "?", does: "These keys", act: () => setHelpOpen(true) },
    { keys: "g j", does: "Go to the jobs", act: () => go("/") },
  ]);
  const jobId = () => {
    const here = route();
    return here.page === "job" ? here.id : undefined;
  };
  return (
    <>
      <Header place={jobId()} openHelp={() => setHelpOpen(true)} />
      <ConnectionBar />
      <Show when={status().state !== "refused"} fallback={<SignedOut />}>
        <Switch fallback={<Nowhere />}>
          <Match when={route().page === "jobs"}>
            <JobsPage />
          </Match>
          {/* Another job is another page: nothing of the first may stay. */}
          <Match when={jobId()} keyed>
            {(id) => <JobPage id={id} />}
          </Match>
        </Switch>
      </Show>
      <Show when={isHelpOpen()}>
        <HelpDialog close={() => setHelpOpen(false)} />
      </Show>
    </>
  );
}
