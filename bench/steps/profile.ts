/** Where the time of a durable step goes: V8's own profile of the engine at work, summed up by who was at it. */

import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { BenchFolder } from "../folder.ts";
import type { Row, Table } from "../table.ts";
import { runSteps } from "./orch-steps.ts";
import { type Tree, thisTree, treeAt } from "./tree.ts";

const WARM_UPS = 5;
const RUNS = 10;

interface Frame {
  readonly functionName: string;
  readonly url: string;
}

/** The first that matches. */
const PARTS: readonly (readonly [name: string, is: (frame: Frame) => boolean])[] = [
  ["garbage collection", ({ functionName }) => functionName === "(garbage collector)"],
  ["waiting", ({ functionName }) => functionName === "(idle)"],
  ["SQLite: begin and commit, with fsync", ({ url }) => url.endsWith("/better-sqlite3/lib/methods/transaction.js")],
  ["SQLite: statements", ({ url }) => /\/better-sqlite3\/|\/src\/store\//.test(url)],
  ["XState: the transition", ({ url }) => url.includes("/xstate/")],
  ["snapshot: text, check and hash", isSnapshot],
  ["engine: everything else", ({ url }) => /\/src\//.test(url)],
  ["Node", () => true],
];

/** @param commits at which the engine is profiled, too */
export async function profile(commits: readonly string[]): Promise<Table> {
  using folder = new BenchFolder("profile");
  const rows: Row[] = [];
  for (const tree of [await thisTree(), ...(await Promise.all(commits.map((commit) => treeAt(commit, folder))))]) {
    const add = (name: string, parts: ReadonlyMap<string, number>) => {
      for (const [part, microseconds] of parts) {
        rows.push({ name: `${tree.name}, ${name}, ${part}`, times: [microseconds / 1000] });
      }
    };
    add("one job", await profiled(tree, folder, 1, 1_000));
    add("200 jobs", await profiled(tree, folder, 200, 20));
  }
  return {
    about:
      "Time of one step by part, from a CPU profile (taking it costs a part itself). One job of 1,000 steps, in which each step is a transaction; 200 jobs of 20 steps, which share transactions.",
    rows,
    ratios: [],
  };
}

/** Microseconds of a step, by part. */
async function profiled(tree: Tree, folder: BenchFolder, jobs: number, steps: number): Promise<Map<string, number>> {
  for (let run = 0; run < WARM_UPS; run += 1) await runSteps(tree, folder.newDatabase(), jobs, steps);
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.start");
    for (let run = 0; run < RUNS; run += 1) await runSteps(tree, folder.newDatabase(), jobs, steps);
    const { profile: taken } = await session.post("Profiler.stop");
    const frames = framesOf(taken.nodes);
    const parts = new Map(PARTS.map(([name]) => [name, 0]));
    for (const [index, id] of (taken.samples ?? []).entries()) {
      const frame = frames.get(id);
      const [name] = PARTS.find(([, is]) => frame && is(frame)) ?? ["Node"];
      parts.set(name, (parts.get(name) ?? 0) + (taken.timeDeltas?.[index] ?? 0) / (RUNS * jobs * steps));
    }
    return parts;
  } finally {
    session.disconnect();
  }
}

/** By the id of the node. What is not JavaScript (SQLite, V8's own functions) is counted with the JavaScript that calls it. */
function framesOf(nodes: readonly Profiler.ProfileNode[]): Map<number, Frame> {
  const frames = new Map<number, Frame>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (node: Profiler.ProfileNode, caller: Frame) => {
    const { functionName, url } = node.callFrame;
    const isNative = url === "" && !functionName.startsWith("(");
    const frame = isNative ? caller : node.callFrame;
    frames.set(node.id, frame);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child) visit(child, frame);
    }
  };
  const [root] = nodes;
  if (root) visit(root, root.callFrame);
  return frames;
}

function isSnapshot({ functionName, url }: Frame): boolean {
  if (/\/src\/(?:engine\/(?:encode-json|snapshot-hash)|core\/(?:json|redact))\.ts$/.test(url)) return true;
  return functionName === "hash" || functionName === "freeze";
}
