/** `orch ps`: the processes of jobs on this machine, and what becomes of those whose orchestrator is dead. */

import { viewProcesses } from "../../jobs/process-view.ts";
import { canListProcesses } from "../../services/job-processes.ts";
import { defineOrchCommand, EXIT, jsonFlag } from "../command.ts";
import { choosePaint } from "../format/paint.ts";
import { processLines } from "../format/process-lines.ts";
import { withStore } from "../open-jobs.ts";

export const ps = defineOrchCommand({
  args: { json: jsonFlag },
  run: async (_args, session) => {
    const { stdout, stderr, environment } = session;
    const now = Date.now();
    const processes = await withStore(
      session,
      (store) => viewProcesses(store, now),
      () => viewProcesses(null, now),
    );
    if (session.json) {
      for (const one of processes) stdout.json(one);
    } else {
      const columns = stdout.isTerminal ? stdout.stream.columns : undefined;
      stdout.lines(processLines(processes, now, columns, choosePaint(stdout.stream, environment)));
    }
    if (!canListProcesses) stderr.line("orch: this system shows orchestrators only, not what they have started");
    return EXIT.ok;
  },
});
