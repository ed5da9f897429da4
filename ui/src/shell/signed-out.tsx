/** Shown instead of the pages when the server does not know this browser. */

import { Empty } from "../design/empty.tsx";

export function SignedOut() {
  return (
    <main>
      <Empty isPage title="This browser is not signed in">
        Open the link that <code>orch dashboard</code> printed in its terminal. It carries a token that only you can
        see, and holds for as long as that dashboard runs.
      </Empty>
    </main>
  );
}
