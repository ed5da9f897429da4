/** The states of a machine, from the root down, in the order of the document. */

import type { AnyStateNode } from "xstate";

export function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}
