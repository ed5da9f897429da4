/**
 * Lays a statechart out: states below each other on one axis, in all depths; onwards to the next one straight down,
 * further onwards at the right, back at the left, each target with a lane of its own that all who lead there share.
 * Labels stand at the state that they leave, in rows of their own: nothing can collide. Pure, and made at once.
 */

import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { lanesOf } from "./lanes.ts";
import { orderOf } from "./order.ts";
import type { Point, Rect, Scene, SceneBox, SceneRoute } from "./scene.ts";
import { PADDING } from "./sizes.ts";
import { type Side, type Track, tracksOf } from "./tracks.ts";

const GAP = 22;
const CHIP_GAP = 6;
/** Between a box and its label, and for how often it was taken behind the label. */
const CHIP_OUT = 14;
const CHIP_END = 30;
const LANE = 13;
const LANES_OUT = 8;
/** Where a line from the side comes in, and the room that it takes of the labels. */
const ENTRY = 16;
const ENTRY_ROOM = 28;
const START_ROOM = 30;
const DASHED_GAP = 12;
const MARGIN = 24;

interface Extent {
  readonly left: number;
  readonly right: number;
}

export function layOut(graph: Graph): Scene {
  return new Layout(graph).scene();
}

class Layout {
  readonly #graph: Graph;
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  readonly #order: ReadonlyMap<string, readonly string[]>;
  readonly #tracks: readonly Track[];
  readonly #exits: ReadonlyMap<string, readonly Track[]>;
  readonly #entries: ReadonlySet<string>;
  readonly #leafWidth: number;
  readonly #heads = new Map<string, number>();
  readonly #heights = new Map<string, number>();
  readonly #tops = new Map<string, number>();
  readonly #halves = new Map<string, Extent>();
  readonly #lanes = new Map<string, number>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    this.#order = orderOf(graph);
    this.#tracks = tracksOf(graph, this.#order);
    this.#exits = Map.groupBy(this.#tracks, ({ edge, side }) => `${edge.source} ${side}`);
    this.#entries = new Set(this.#tracks.map(({ edge, side }) => `${edge.target} ${side}`));
    const leaves = graph.nodes.filter(({ children, type }) => children.length === 0 && !isSmall(type));
    this.#leafWidth = Math.max(120, ...leaves.map(({ width }) => width));
  }

  scene(): Scene {
    const { root } = this.#graph;
    this.#measure(root);
    this.#place(root, MARGIN);
    const { left, right } = this.#widen(root);
    const axis = MARGIN + left;
    const boxes = this.#boxes(root, axis, 0);
    return {
      width: Math.ceil(axis + right + MARGIN),
      height: Math.ceil((this.#heights.get(root) ?? 0) + 2 * MARGIN),
      boxes,
      routes: this.#tracks.map((track) => this.#route(track, axis)),
      starts: this.#starts(axis),
    };
  }

  /** Heights, the innermost first. */
  #measure(id: string): number {
    const node = this.#node(id);
    const isBare = isFrameless(this.#graph, node);
    const head = isBare ? 0 : Math.max(node.height, this.#exitsHeight(id, "right"), this.#exitsHeight(id, "left"));
    this.#heads.set(id, head);
    const children = this.#order.get(id) ?? [];
    let height = head;
    if (children.length > 0) {
      height += this.#firstGap(node);
      children.forEach((child, index) => {
        height += this.#measure(child);
        if (index < children.length - 1) height += this.#gapAfter(node, children[index + 1] as string);
      });
      height += PADDING + 8;
    }
    this.#heights.set(id, height);
    return height;
  }

  #place(id: string, top: number): void {
    const node = this.#node(id);
    const children = this.#order.get(id) ?? [];
    this.#tops.set(id, top);
    let y = top + (this.#heads.get(id) ?? 0) + this.#firstGap(node);
    children.forEach((child, index) => {
      this.#place(child, y);
      y += this.#heights.get(child) ?? 0;
      if (index < children.length - 1) y += this.#gapAfter(node, children[index + 1] as string);
    });
  }

  /** How far a state reaches to the left and right of the axis, with its labels. */
  #widen(id: string): Extent {
    const node = this.#node(id);
    const children = this.#order.get(id) ?? [];
    if (children.length === 0) {
      const half = (isSmall(node.type) ? node.width : this.#leafWidth) / 2;
      this.#halves.set(id, { left: half, right: half });
    } else {
      let inner = children.map((child) => this.#widen(child));
      // Regions are all active at a time: they stand as equals, none narrower than another.
      if (node.type === "parallel") {
        const regions = children.filter((child) => this.#node(child).isRegion).map((child) => this.#half(child));
        const widest = {
          left: Math.max(...regions.map((one) => one.left)),
          right: Math.max(...regions.map((one) => one.right)),
        };
        for (const child of children) if (this.#node(child).isRegion) this.#halves.set(child, widest);
        inner = children.map((child) => this.#withChips(child));
      }
      // A label on the axis may be wider than all that stands there.
      const straight = this.#tracks.filter(({ side, within }) => side === "down" && within === id);
      const least = Math.max(node.width / 2, ...straight.map(({ edge }) => edge.width / 2 + CHIP_END));
      const reach = (side: "left" | "right") =>
        Math.max(least, ...inner.map((one) => one[side])) + this.#laneRoom(id, side) + PADDING + 4;
      this.#halves.set(id, { left: reach("left"), right: reach("right") });
    }
    return this.#withChips(id);
  }

  #withChips(id: string): Extent {
    const half = this.#half(id);
    return { left: half.left + this.#chipRoom(id, "left"), right: half.right + this.#chipRoom(id, "right") };
  }

  /** Gives every target that is come to at that side of a state its lane. */
  #laneRoom(within: string, side: "left" | "right"): number {
    const own = this.#tracks.filter((track) => track.within === within && track.side === side);
    if (own.length === 0) return 0;
    const byTarget = Map.groupBy(own, ({ edge }) => edge.target);
    const stretches = [...byTarget].map(([key, tracks]) => {
      const ys = [this.#entryY(key), ...tracks.map(({ edge }) => this.#exitY(edge, side))];
      return { key, from: Math.min(...ys), to: Math.max(...ys) };
    });
    const lanes = lanesOf(stretches);
    for (const [key, lane] of lanes) this.#lanes.set(`${within} ${side} ${key}`, lane);
    return LANES_OUT + LANE * (Math.max(...lanes.values()) + 1);
  }

  #route(track: Track, axis: number): SceneRoute {
    const { edge, side, within } = track;
    return side === "down" ? this.#straight(edge, axis) : this.#around(edge, side, within, axis);
  }

  #straight(edge: GraphEdge, axis: number): SceneRoute {
    const from = { x: axis, y: this.#bottom(edge.source) };
    const to = { x: axis, y: this.#top(edge.target) };
    // In the space before the target: above it, the borders of what the source is nested in may be.
    const room = this.#downRoom(edge);
    const y = to.y - room / 2 - edge.height / 2 - 2;
    const chip = { x: axis - edge.width / 2, y, width: edge.width, height: edge.height };
    return { edge, side: "down", points: [from, to], chip };
  }

  #around(edge: GraphEdge, side: "left" | "right", within: string, axis: number): SceneRoute {
    const sign = side === "right" ? 1 : -1;
    const y = this.#exitY(edge, side);
    const entry = this.#entryY(edge.target);
    const start = axis + sign * this.#half(edge.source)[side];
    const end = axis + sign * this.#half(edge.target)[side];
    const lane = this.#lanes.get(`${within} ${side} ${edge.target}`) ?? 0;
    // The outermost lane is the one at the border.
    const count = this.#laneCount(within, side);
    const border = this.#half(within)[side] - PADDING - 4;
    const x = axis + sign * (border - (count - 1 - lane) * LANE);
    const inner = start + sign * CHIP_OUT;
    const chip: Rect = {
      x: side === "right" ? inner : inner - edge.width,
      y: y - edge.height / 2,
      width: edge.width,
      height: edge.height,
    };
    const points: Point[] = [
      { x: start, y },
      { x, y },
      { x, y: entry },
      { x: end, y: entry },
    ];
    return { edge, side, points, chip };
  }

  #boxes(id: string, axis: number, depth: number): SceneBox[] {
    const { left, right } = this.#half(id);
    const box: SceneBox = {
      node: this.#node(id),
      depth,
      x: axis - left,
      y: this.#top(id),
      width: left + right,
      height: this.#heights.get(id) ?? 0,
      headHeight: this.#heads.get(id) ?? 0,
    };
    return [box, ...(this.#order.get(id) ?? []).flatMap((child) => this.#boxes(child, axis, depth + 1))];
  }

  #starts(axis: number): Scene["starts"] {
    return this.#graph.nodes
      .filter(({ isInitial }) => isInitial)
      .map(({ id }) => {
        const y = this.#top(id);
        return { state: id, from: { x: axis, y: y - START_ROOM + 12 }, to: { x: axis, y } };
      });
  }

  #exitsHeight(id: string, side: "left" | "right"): number {
    const exits = this.#exits.get(`${id} ${side}`) ?? [];
    const heights = exits.map(({ edge }) => edge.height + CHIP_GAP);
    return this.#entryRoom(id, side) + heights.reduce((a, b) => a + b, 0) + (exits.length > 0 ? CHIP_GAP : 0);
  }

  /** Room above the labels for the line that comes in at that side, if there is one. */
  #entryRoom(id: string, side: Side): number {
    return this.#entries.has(`${id} ${side}`) ? ENTRY_ROOM : 0;
  }

  #exitY(edge: GraphEdge, side: "left" | "right"): number {
    const { source } = edge;
    const exits = this.#exits.get(`${source} ${side}`) ?? [];
    const free = (this.#heads.get(source) ?? 0) - this.#exitsHeight(source, side);
    const entry = this.#entryRoom(source, side);
    let y = this.#top(source) + entry + CHIP_GAP + (entry > 0 ? 0 : free / 2);
    for (const exit of exits) {
      if (exit.edge === edge) return y + edge.height / 2;
      y += exit.edge.height + CHIP_GAP;
    }
    return y;
  }

  #entryY(id: string): number {
    const { height, type } = this.#node(id);
    return this.#top(id) + (type === "history" ? height / 2 : ENTRY);
  }

  #chipRoom(id: string, side: "left" | "right"): number {
    const widths = (this.#exits.get(`${id} ${side}`) ?? []).map(({ edge }) => edge.width);
    return widths.length === 0 ? 0 : CHIP_OUT + Math.max(...widths) + CHIP_END;
  }

  #laneCount(within: string, side: "left" | "right"): number {
    const prefix = `${within} ${side} `;
    const own = [...this.#lanes].filter(([key]) => key.startsWith(prefix)).map(([, lane]) => lane);
    return Math.max(-1, ...own) + 1;
  }

  #firstGap({ children, type }: GraphNode): number {
    if (children.length === 0) return 0;
    return type === "parallel" ? DASHED_GAP : START_ROOM;
  }

  #gapAfter({ type }: GraphNode, next: string): number {
    if (type === "parallel") return DASHED_GAP;
    const down = this.#tracks.find(({ edge, side }) => side === "down" && edge.target === next);
    return down ? this.#downRoom(down.edge) : GAP;
  }

  #downRoom({ height }: GraphEdge): number {
    return height + 24;
  }

  #node(id: string): GraphNode {
    return this.#nodes.get(id) as GraphNode;
  }

  #half(id: string): Extent {
    return this.#halves.get(id) ?? { left: 0, right: 0 };
  }

  #top(id: string): number {
    return this.#tops.get(id) ?? 0;
  }

  #bottom(id: string): number {
    return this.#top(id) + (this.#heights.get(id) ?? 0);
  }
}

/** The machine itself is drawn only if it does something of its own: what it holds is all there is. */
export function isFrameless({ root }: Graph, { id, rows }: GraphNode): boolean {
  return id === root && rows.length === 0;
}

/** As wide as what it says, not as the others. */
function isSmall(type: GraphNode["type"]): boolean {
  return type === "any" || type === "history";
}
