/** Which edge runs where: straight down to the next state, or in a lane at the right (onwards) or left (back). Pure. */

import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

export type Side = "down" | "right" | "left";

export interface Track {
  readonly edge: GraphEdge;
  readonly side: Side;
  /** The state in which it runs: the innermost that holds both ends. */
  readonly within: string;
}

export function tracksOf({ nodes, edges }: Graph, order: ReadonlyMap<string, readonly string[]>): Track[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lineage = (id: string) => ancestors(byId, id);
  const taken = new Set<string>();
  return edges.map((edge) => {
    const { source, target } = edge;
    const [from, to] = [lineage(source), lineage(target)];
    // Both without themselves: a state that holds the other end is not where the edge runs, but what it comes to.
    const inner = new Set(from.slice(1));
    const within = to.slice(1).find((id) => inner.has(id)) ?? (to.at(-1) as string);
    const siblings = order.get(within) ?? [];
    const start = siblings.findIndex((id) => from.includes(id));
    const end = siblings.findIndex((id) => to.includes(id));
    const isNext = end === start + 1 && siblings[end] === target && isLowest(order, siblings[start] as string, source);
    const isStacked = byId.get(within)?.type === "parallel";
    if (isNext && !isStacked && !taken.has(target)) {
      taken.add(target);
      return { edge, side: "down", within };
    }
    return { edge, side: end > start ? "right" : "left", within };
  });
}

/** From the state itself up to the root. */
function ancestors(byId: ReadonlyMap<string, GraphNode>, id: string): string[] {
  const found: string[] = [];
  for (let at = byId.get(id); at; at = at.parent === null ? undefined : byId.get(at.parent)) found.push(at.id);
  return found;
}

/** Whether nothing of `outer` stands below `inner`. */
function isLowest(order: ReadonlyMap<string, readonly string[]>, outer: string, inner: string): boolean {
  for (let at: string | undefined = outer; at !== undefined; at = order.get(at)?.at(-1)) {
    if (at === inner) return true;
  }
  return false;
}
