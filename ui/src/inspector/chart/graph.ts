/**
 * From a machine's chart to the graph that is laid out: a box with its rows for each state, and one edge for all
 * transitions between the same two. Pure.
 */

import type { Chart, ChartState, ChartTransition } from "../../../../src/core/protocol/machine.ts";
import { type NodeRow, rowsOf, rowWidth } from "./node-rows.ts";
import { LINE_HEIGHT, LONGEST, PADDING, ROW_HEIGHT, ROW_SIZE, TITLE_HEIGHT, TITLE_SIZE } from "./sizes.ts";
import { shortened, textWidth } from "./text-width.ts";
import { chipLines, oneLine, type TransitionWords, wordsOf } from "./transition-words.ts";

const LEAST_WIDTH = 96;

export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** `any`: stands for any state of its parent, where a transition of the parent leads into the parent. */
  readonly type: ChartState["type"] | "any";
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly isInitial: boolean;
  readonly isRegion: boolean;
  readonly deepHistory: boolean;
  readonly tags: readonly string[];
  readonly rows: readonly NodeRow[];
  /** Of the box without what is nested in it, in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** One for each transition that it stands for, in the machine's order. */
  readonly lines: readonly TransitionWords[];
  /** It is taken when something has gone wrong. */
  readonly isError: boolean;
  readonly width: number;
  readonly height: number;
}

export interface Graph {
  readonly root: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export function graphOf(chart: Chart): Graph {
  const words = wordsOf(chart);
  const states = new Map(chart.states.map((state) => [state.id, state]));
  const stays = chart.transitions.filter(isStay);
  const pairs = new Map<string, { source: string; target: string; lines: TransitionWords[] }>();
  const anywhere = new Set<string>();
  for (const { id, source, targets } of chart.transitions) {
    for (const target of targets) {
      if (target === source) continue;
      const isInside = source !== target && isWithin(states, target, source);
      if (isInside) anywhere.add(source);
      const from = isInside ? anyOf(source) : source;
      const pair = pairs.get(`${from}>${target}`) ?? { source: from, target, lines: [] };
      pairs.set(`${from}>${target}`, pair);
      pair.lines.push(words.get(id) as TransitionWords);
    }
  }
  const nodes = chart.states.flatMap((state) => {
    const parent = state.parent === null ? undefined : states.get(state.parent);
    const own = stays.filter(({ source }) => source === state.id);
    const node = nodeOf(state, parent, own, words);
    if (!anywhere.has(state.id)) return [node];
    const any = anyNode(state);
    return [{ ...node, children: [...node.children, any.id] }, any];
  });
  const edges = [...pairs.values()].map((pair) => edgeOf(pair, isTrouble(states.get(pair.target))));
  return { root: chart.root, nodes, edges };
}

/** Leads back into its own state, or nowhere: a row of the state's box, no line. */
function isStay({ source, targets }: ChartTransition): boolean {
  return targets.every((target) => target === source);
}

/** Every one of them is taken when a service fails. */
export function isAllErrors(lines: readonly TransitionWords[]): boolean {
  return lines.every(({ kind }) => kind === "error");
}

export function anyOf(state: string): string {
  return `${state}*`;
}

function isWithin(states: ReadonlyMap<string, ChartState>, inner: string, outer: string): boolean {
  for (let at = states.get(inner)?.parent ?? null; at !== null; at = states.get(at)?.parent ?? null) {
    if (at === outer) return true;
  }
  return false;
}

function nodeOf(
  state: ChartState,
  parent: ChartState | undefined,
  stays: readonly ChartTransition[],
  words: ReadonlyMap<string, TransitionWords>,
): GraphNode {
  const rows = rowsOf(state, stays, words);
  const title = shortened(state.key, LONGEST);
  const size =
    state.type === "history"
      ? { width: 30, height: 30 }
      : {
          width: Math.max(LEAST_WIDTH, textWidth(title, TITLE_SIZE) + 2 * PADDING + 10, ...rows.map(rowWidth)),
          height: TITLE_HEIGHT + (rows.length === 0 ? 0 : rows.length * ROW_HEIGHT + 8),
        };
  return {
    id: state.id,
    title,
    type: state.type,
    parent: state.parent,
    children: state.children,
    isInitial: parent?.initial === state.id,
    isRegion: parent?.type === "parallel",
    deepHistory: state.history === "deep",
    tags: state.tags,
    rows,
    ...size,
  };
}

function anyNode({ id, parent }: ChartState): GraphNode {
  const title = parent === null ? "from any state" : "from any of these";
  return {
    id: anyOf(id),
    title,
    type: "any",
    parent: id,
    children: [],
    isInitial: false,
    isRegion: false,
    deepHistory: false,
    tags: [],
    rows: [],
    width: textWidth(title, ROW_SIZE) + 2 * PADDING,
    height: 24,
  };
}

/** A state in which something has gone wrong. */
export function isTrouble(
  state: { readonly tags: readonly string[]; readonly type: string; readonly key: string } | undefined,
): boolean {
  return state !== undefined && (state.tags.includes("failed") || (state.type === "final" && state.key === "failed"));
}

function edgeOf(
  { source, target, lines }: { source: string; target: string; lines: TransitionWords[] },
  isToTrouble: boolean,
): GraphEdge {
  const texts = chipLines(lines).map(oneLine);
  return {
    id: `${source}>${target}`,
    source,
    target,
    lines,
    isError: isToTrouble || isAllErrors(lines),
    width: Math.max(...texts.map((text) => textWidth(text, ROW_SIZE))) + 14,
    height: texts.length * LINE_HEIGHT + 6,
  };
}
