/** The job that a tab shows, for every component below `JobPage`. */

import { createContext, useContext } from "solid-js";
import type { JobScope } from "../live/job-scope.ts";

export const JobContext = createContext<JobScope>();

export function useJob(): JobScope {
  const scope = useContext(JobContext);
  if (scope === undefined) throw new Error("useJob outside of a job's page");
  return scope;
}
