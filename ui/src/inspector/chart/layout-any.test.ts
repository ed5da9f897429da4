/** Whatever machine somebody registers: its chart can be read. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { graphOf } from "./graph.ts";
import { layOut } from "./layout.ts";
import { randomChart } from "./random-chart.testkit.ts";
import type { Point, Rect, Scene, SceneBox } from "./scene.ts";

const RUNS = Number(process.env.PROPERTY_RUNS ?? 300);

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const isInside = (inner: Rect, outer: Rect) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** The line between two points, which is level or upright, as a rectangle without its very ends. */
function stretch(a: Point, b: Point): Rect {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x: x + 0.5, y: y + 0.5, width: Math.abs(a.x - b.x) - 1, height: Math.abs(a.y - b.y) - 1 };
}

function check(scene: Scene): string[] {
  const found: string[] = [];
  const boxes = new Map(scene.boxes.map((box) => [box.node.id, box]));
  const lineage = (id: string) => {
    const ids = new Set<string>();
    for (let at = boxes.get(id); at; at = at.node.parent === null ? undefined : boxes.get(at.node.parent))
      ids.add(at.node.id);
    return ids;
  };
  const whole = { x: 0, y: 0, width: scene.width, height: scene.height };
  for (const box of scene.boxes) {
    const outer = box.node.parent === null ? whole : (boxes.get(box.node.parent) as SceneBox);
    if (!isInside(box, outer)) found.push(`${box.node.id} is not inside of ${box.node.parent}`);
    const parent = box.node.parent === null ? undefined : boxes.get(box.node.parent);
    if (parent && box.y < parent.y + parent.headHeight) found.push(`${box.node.id} covers its parent's words`);
    for (const other of scene.boxes) {
      if (other !== box && other.node.parent === box.node.parent && overlap(box, other))
        found.push(`${box.node.id} and ${other.node.id} overlap`);
    }
  }
  scene.routes.forEach(({ edge, chip, points }, index) => {
    if (!isInside(chip, whole)) found.push(`the label of ${edge.id} is outside`);
    for (const other of scene.routes.slice(index + 1)) {
      if (overlap(chip, other.chip)) found.push(`the labels of ${edge.id} and ${other.edge.id} overlap`);
    }
    const around = new Set([...lineage(edge.source), ...lineage(edge.target)]);
    for (const box of scene.boxes) {
      const head = { ...box, height: box.headHeight };
      // A box that holds both ends has its words at its top: the label stands below them.
      if (overlap(chip, around.has(box.node.id) ? { ...head, width: box.node.width } : box))
        found.push(`the label of ${edge.id} covers ${box.node.id}`);
    }
    points.slice(1).forEach((point, n) => {
      const line = stretch(points[n] as Point, point);
      for (const box of scene.boxes) {
        if (!around.has(box.node.id) && overlap(line, box)) found.push(`the line ${edge.id} crosses ${box.node.id}`);
      }
      for (const other of scene.routes) {
        // The line runs behind its own label.
        if (other.edge !== edge && overlap(line, other.chip))
          found.push(`the line ${edge.id} crosses the label of ${other.edge.id}`);
      }
    });
  });
  return found;
}

test("no box, label or line of any machine's chart covers another's words", () => {
  fc.assert(
    fc.property(randomChart, (chart) => {
      expect(check(layOut(graphOf(chart)))).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
});
