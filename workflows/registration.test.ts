/** The engine takes the workflows as they are, and a change to one of them does not go unseen. */

import { expect, test } from "vitest";
import type { CodingActivities } from "../src/core/coding.ts";
import { Registry } from "../src/engine/registry.ts";
import type { ActivityDefinition } from "../src/engine/workflow.ts";
import { codingJob } from "./coding-job.ts";
import { integration } from "./integration.ts";
import { subtask } from "./subtask.ts";

const workflows = [codingJob, subtask, integration];
const activity: ActivityDefinition = { run: () => Promise.reject(new Error("nothing runs in this test")) };

/** The compiler holds the list complete. */
const activities: Record<keyof CodingActivities, ActivityDefinition> = {
  prepareJob: activity,
  planTask: activity,
  prepareWorktree: activity,
  integrate: activity,
  concludeConflict: activity,
  runCommands: activity,
  runCodexTurn: activity,
  checkWork: activity,
  commitWork: activity,
  describeResult: activity,
  pushResult: activity,
};

test("promise 12: the engine takes the three workflows with the activities of a coding job", () => {
  const registry = new Registry(workflows, activities);
  for (const { name, version } of workflows) expect(registry.newest(name)).toMatchObject({ name, version });
});

test("promise 12: an activity that is missing is named", () => {
  const { pushResult: _, ...others } = activities;
  expect(() => new Registry(workflows, others)).toThrow('nothing is registered under the actor name "pushResult"');
});

test("no activity is there that no workflow invokes", () => {
  const invoked = workflows.flatMap(({ machine }) => Object.keys(machine.implementations.actors));
  expect(Object.keys(activities).filter((name) => !invoked.includes(name))).toEqual([]);
});

/** Of each version that was released, and of the one that is being written. */
const known: Readonly<Record<string, string>> = {
  "coding-job 1": "1cb4aa386239d052",
  "subtask 1": "e55844488231d9f8",
  "integration 1": "d23e637e19727e8c",
};

test.each(workflows)("promise 8: $name is the machine that its version stands for", ({ name, version }) => {
  const { definitionHash } = new Registry(workflows, activities).newest(name) ?? {};
  expect(
    definitionHash,
    `the machine "${name}" has changed. If version ${version} was released, raise the version: jobs that began with it cannot go on with another machine. If it was not, write the new hash here`,
  ).toBe(known[`${name} ${version}`]);
});
