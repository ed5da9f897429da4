/** Ends, when this process exits at once, what it started and no later orchestrator could adopt. */

import { signalGroup } from "./process.ts";
import type { ProcessMark } from "./process-marks.ts";
import { killMarked } from "./process-tree.ts";

interface Started {
  readonly pid: number;
  readonly mark: ProcessMark;
}

const started = new Set<Started>();
let isListening = false;

/**
 * From now on until it is disposed of, `pid`'s process group and all that carries `mark` is killed when this process
 * calls `process.exit`. After a SIGKILL of this process nobody does: then the next orchestrator must.
 */
export function endAtExit(pid: number, mark: ProcessMark): Disposable {
  if (!isListening) process.on("exit", killAll);
  isListening = true;
  const entry = { pid, mark };
  started.add(entry);
  return { [Symbol.dispose]: () => void started.delete(entry) };
}

/** Nothing can be waited for any more. */
function killAll(): void {
  for (const { pid, mark } of started) {
    signalGroup(pid, "SIGKILL");
    killMarked(mark);
  }
}
