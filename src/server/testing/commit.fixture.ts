/** A process of its own that runs a job on a database: `node commit.fixture.ts <database> <subtasks> <follow-ups> <job>`. */

import { openSizedStore, sizedEngine, startSizedJob } from "../../../test/support/sized-job.ts";

const [path = "", subtasks = "1", followUps = "0", jobId = "big"] = process.argv.slice(2);
const size = { subtasks: Number(subtasks), followUps: Number(followUps) };
const store = await openSizedStore(path);
const engine = sizedEngine(store, size);
startSizedJob(engine, jobId, size);
const { status } = await engine.run(jobId);
store.close();
process.exitCode = status === "done" ? 0 : 1;
