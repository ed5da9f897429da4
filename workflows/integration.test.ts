/** Bringing work together: every path, and what a user can count on. */

import { expect, test } from "vitest";
import type { Interpreter } from "../src/engine/interpreter.ts";
import { integration } from "./integration.ts";
import { brokenPromises } from "./testing/broken-promises.ts";
import { codingAnswers, jobInput } from "./testing/samples.ts";
import { unseen, walkPaths } from "./testing/walk-paths.ts";
import { codingJob } from "./coding-job.ts";
import { subtask } from "./subtask.ts";

test("x", () => {
  const { settings, ...job } = jobInput();
  const worktree = { name: "result", path: "/w", branch: "result-job" };
  const incoming = ["a", "b", "c"].map((id) => ({ subtaskId: id, commit: `commit-${id}` }));
  const walk = walkPaths<any>(integration.machine, { input: { ...job, settings, worktree, head: "base", incoming }, answers: codingAnswers() });
  console.log(walk.places.length, walk.moves.length);
  console.log(unseen([walk]), brokenPromises(walk, ({status}) => status === "done"));
  let t = performance.now();
  const outline = { id: "a", title: "A", dependsOn: [] };
  const w2 = [{setup: [], startFrom: []}, {setup:["x"], startFrom: incoming}].map(({setup, startFrom}) => walkPaths<any>(subtask.machine, { input: {...job, settings: {...settings, setup, maxFollowUps: 2}, subtask: outline, name: "a", startFrom }, answers: codingAnswers()}));
  console.log(w2.map(w => w.places.length), unseen(w2), w2.flatMap(w => brokenPromises(w, ({status}) => status === "done")), performance.now()-t);
  t = performance.now();
  const sig = (ids: string[]) => ({ "plan.approve": {type: "plan.approve"}, "plan.reject": {type: "plan.reject", feedback: "smaller"}, "job.cancel": {type: "job.cancel"}, "job.retry": {type:"job.retry"}, ...Object.fromEntries(ids.flatMap(id => [[`job.retry ${id}`, {type:"job.retry", subtaskId: id}],[`subtask.skip ${id}`, {type:"subtask.skip", subtaskId: id}]])) });
  const relevant = (c: any) => ({...c, error: c.error?.code, board: c.board.map(({id,status,tries,commit}: any) => ({id,status,commit, tries: Math.min(tries,2)}))});
  const goal = (p: any) => p.status === "done" && !p.tags.includes("cancelled");
  const graph = {only: []};
  const phases = walkPaths<any>(codingJob.machine, { input: jobInput({ push: {remote:"origin", url:"u"}, settings: {approvePlan: true, verify: ["make test"]}}), answers: codingAnswers(graph), signals: sig(["only"]), relevant });
  console.log(phases.places.length, phases.moves.length, performance.now()-t);
  t = performance.now();
  const graph2 = {a: [], b: [], c: ["a","b"], d: ["b"]};
  const board = walkPaths<any>(codingJob.machine, { input: jobInput({ }), answers: codingAnswers(graph2), signals: sig(["a","b","c","d"]), relevant });
  console.log(board.places.length, board.moves.length, performance.now()-t);
  console.log(unseen([phases,board]));
  console.log(brokenPromises(phases, goal).slice(0,10), brokenPromises(board, goal).slice(0,10), performance.now()-t);
});
