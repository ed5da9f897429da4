/** A chart as it is drawn: every box, line and label with its place, in pixels. */

import type { GraphEdge, GraphNode } from "./graph.ts";
import type { Side } from "./tracks.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface SceneBox extends Rect {
  readonly node: GraphNode;
  readonly depth: number;
  /** Of the part with title and rows; all of it, if nothing is nested. */
  readonly headHeight: number;
}

export interface SceneRoute {
  readonly edge: GraphEdge;
  readonly side: Side;
  readonly points: readonly Point[];
  readonly chip: Rect;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Outer before inner. */
  readonly boxes: readonly SceneBox[];
  readonly routes: readonly SceneRoute[];
  /** The dot and the arrow from it into the state that is entered first. */
  readonly starts: readonly { readonly state: string; readonly from: Point; readonly to: Point }[];
}
