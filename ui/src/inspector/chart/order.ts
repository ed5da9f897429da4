/**
 * In which order the states of a chart stand below each other: as its author wrote them, but the first one first, and
 * what is only for trouble at the end, so that the way of a good day is a straight line. Pure.
 */

import { type Graph, type GraphNode, isAllErrors } from "./graph.ts";

/** From so many places a failure leads to a state that gathers them. */
const GATHERS = 3;

/** The children of each node, in their order. */
export function orderOf({ nodes, edges }: Graph): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const incoming = Map.groupBy(edges, ({ target }) => target);
  const rank = (node: GraphNode): number => {
    if (node.isInitial) return 0;
    if (node.type === "any") return 1;
    const own = incoming.get(node.id) ?? [];
    const troubles = own.filter(({ lines }) => lines.some(({ kind }) => kind === "error"));
    if (troubles.length >= GATHERS) return 3;
    if (own.length > 0 && own.every(({ lines }) => isAllErrors(lines))) return 2;
    return 1;
  };
  const order = new Map<string, readonly string[]>();
  for (const node of nodes) {
    const children = node.children.map((id) => byId.get(id) as GraphNode);
    const isParallel = node.type === "parallel";
    const sorted = isParallel ? children : children.toSorted((a, b) => rank(a) - rank(b));
    order.set(node.id, placeAny(sorted, edges));
  }
  return order;
}

/** "From any state" stands just above the first state that it leads to. */
function placeAny(children: readonly GraphNode[], edges: Graph["edges"]): string[] {
  const ids = children.filter(({ type }) => type !== "any").map(({ id }) => id);
  for (const { id } of children.filter(({ type }) => type === "any")) {
    const targets = new Set(edges.filter(({ source }) => source === id).map(({ target }) => target));
    const at = ids.findIndex((one) => targets.has(one));
    // Above the first one there is the dot that shows where the machine begins.
    ids.splice(at <= 0 ? ids.length : at, 0, id);
  }
  return ids;
}
