/** Jobs and steps for the contract: whatever a test does not care about is given here. */

import type { ActivityRecord, NewJob, Owner, Step, StepWrite, Store, WholeJob } from "../store.ts";

export const someOwner: Owner = { host: "here", bootId: "boot", pid: 1, processStart: "10" };
export const otherOwner: Owner = { host: "there", bootId: "other-boot", pid: 2, processStart: "20" };

export const newJob = (over: Partial<NewJob> = {}): NewJob => ({
  id: "j",
  workflow: "flow",
  version: 3,
  definitionHash: "hash",
  input: { task: "a task" },
  labels: { repository: "a repository" },
  now: 1000,
  ...over,
});

/** The first step of a job under its first lease, which takes the event that starts it. */
export const newStep = (over: Partial<Step> = {}): Step => ({
  jobId: "j",
  epoch: 1,
  seq: 1,
  at: 2000,
  actorId: "job",
  event: { type: "xstate.init" },
  cause: { type: "signal", id: "init" },
  actorStatus: "active",
  snapshot: '{"value":"a"}',
  snapshotHash: "snapshot-hash",
  state: "a",
  effects: [],
  writes: [],
  artifacts: [],
  job: null,
  ...over,
});

export function acquire(store: Store, jobId = "j", owner = someOwner): number {
  const lease = store.acquireLease({ jobId, owner, now: 1500, ttlMs: 10_000, isGone: () => true });
  if (!lease.acquired) throw new Error("the lease was not to be had");
  return lease.epoch;
}

/** A job that has taken its first step, with what that step wrote. Its next history number is 2. */
export function startJob(store: Store, writes: readonly StepWrite[] = [], jobId = "j"): void {
  store.createJob(newJob({ id: jobId }));
  const epoch = acquire(store, jobId);
  const [outcome] = store.commit([newStep({ jobId, epoch, writes })]);
  if (outcome !== "committed") throw new Error(`the first step was not taken: ${outcome}`);
}

/** Puts an event into the job and commits the step that it causes: for steps whose cause does not matter. */
export function commitNext(store: Store, over: Partial<Step> = {}) {
  const jobId = over.jobId ?? "j";
  const seq = store.getJob(jobId)?.nextSeq ?? 0;
  const id = `cause-${seq}`;
  store.addSignal({ jobId, id, actorId: "job", event: { type: "go" }, now: 1 });
  return store.commit([newStep({ seq, cause: { type: "signal", id }, event: { type: "go" }, ...over })])[0];
}

export const activityWrite = (over: Partial<Extract<StepWrite, { type: "activity" }>> = {}): StepWrite => ({
  type: "activity",
  effectId: "j:1:0",
  invokeId: "w",
  name: "work",
  input: { n: 1 },
  ...over,
});

export const childWrite = (actorId: string): StepWrite => ({
  type: "actor",
  actorId,
  workflow: "child",
  version: 1,
  definitionHash: "child-hash",
});

export const timerWrite = (sendId: string, fireAt: number): StepWrite => ({
  type: "timer",
  sendId,
  event: { type: sendId },
  fireAt,
});

export function activityOf(store: Store, effectId = "j:1:0"): ActivityRecord {
  const activity = store.getActivity(effectId);
  if (!activity) throw new Error(`no activity ${effectId}`);
  return activity;
}

/** A job `w` that has taken two steps and waits for an activity, a timer and two signals. */
export function someWhole(): WholeJob {
  const jobId = "w";
  const { now, ...began } = newJob({ id: jobId });
  const root = { jobId, workflow: began.workflow, version: began.version, definitionHash: began.definitionHash };
  const entry = { jobId, actorId: "job", event: { type: "go" }, state: { a: "b" }, effects: [{ type: "x" }], at: 5 };
  const call = {
    jobId,
    actorId: "job",
    invokeId: "w",
    name: "work",
    attempt: 0,
    failures: 0,
    scheduledAt: 9,
    dueAt: 9,
  };
  const signal = { jobId, actorId: "job", event: { type: "go" }, external: false, createdAt: 9 };
  return {
    job: {
      ...began,
      status: "waiting",
      closed: false,
      output: { n: 1 },
      error: { name: "Error", message: "no" },
      createdAt: now,
      updatedAt: now + 1,
      nextSeq: 3,
    },
    actors: [
      { ...root, id: "job", status: "active", snapshot: '{"value":"b"}', updatedSeq: 2 },
      { ...root, id: "job/child", workflow: "child", status: "active", snapshot: null, updatedSeq: 2 },
    ],
    history: [
      { ...entry, seq: 1, snapshotHash: "one" },
      { ...entry, seq: 2, snapshotHash: "two" },
    ],
    activities: [
      {
        ...call,
        effectId: "w:2:0",
        input: { n: 1 },
        status: "scheduled",
        heartbeat: null,
        heartbeatAt: null,
        finishedAt: null,
        error: null,
      },
    ],
    timers: [{ jobId, actorId: "job", sendId: "t", event: { type: "t" }, fireAt: 70 }],
    signals: [
      { ...signal, id: "w:2:2" },
      { ...signal, id: "w:2:1" },
    ],
    artifacts: [
      { name: "plan", seq: 1, content: { n: 1 } },
      { name: "plan", seq: 2, content: { n: 2 } },
    ],
  };
}
