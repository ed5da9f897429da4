/** What follows from the dependencies of subtasks: circles, and an order to work in. Pure. */

export interface Node {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** The ids along a circle of dependencies, the first one again at the end; undefined if there is none. */
export function findCircle(nodes: readonly Node[]): readonly string[] | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const finished = new Set<string>();
  for (const start of nodes) {
    // Walked with a list of its own instead of the call stack: a plan may be a long chain.
    const path: { readonly node: Node; next: number }[] = [];
    const onPath = new Set<string>();
    const enter = (node: Node) => {
      path.push({ node, next: 0 });
      onPath.add(node.id);
    };
    if (!finished.has(start.id)) enter(start);
    while (path.length > 0) {
      const top = path[path.length - 1] as (typeof path)[number];
      const dependency = top.node.dependsOn[top.next++];
      if (dependency === undefined) {
        path.pop();
        onPath.delete(top.node.id);
        finished.add(top.node.id);
      } else if (onPath.has(dependency)) {
        const ids = path.map(({ node }) => node.id);
        return [...ids.slice(ids.indexOf(dependency)), dependency];
      } else {
        const node = byId.get(dependency);
        if (node !== undefined && !finished.has(dependency)) enter(node);
      }
    }
  }
  return undefined;
}

/** `nodes` with each behind those it depends on, otherwise in the given order. They must not form a circle. */
export function inOrder<T extends Node>(nodes: readonly T[]): readonly T[] {
  const placed = new Set<string>();
  const ordered: T[] = [];
  let waiting = nodes;
  while (waiting.length > 0) {
    const ready = waiting.find((node) => node.dependsOn.every((id) => placed.has(id)));
    if (ready === undefined) throw new Error(`no order exists: ${waiting.map((node) => node.id).join(", ")}`);
    placed.add(ready.id);
    ordered.push(ready);
    waiting = waiting.filter((node) => node !== ready);
  }
  return ordered;
}

/** Everything that `id` depends on, directly or through others. */
export function ancestors(id: string, nodes: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(nodes.get(id)?.dependsOn ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(nodes.get(next)?.dependsOn ?? []));
  }
  return found;
}
