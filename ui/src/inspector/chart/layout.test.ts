import { describe, expect, test } from "vitest";
import { chartFrom, codingChart, player } from "../testing/machines.testkit.ts";
import { anyOf, graphOf } from "./graph.ts";
import { layOut } from "./layout.ts";
import type { Rect, Scene } from "./scene.ts";

const charts = [codingChart("coding-job"), codingChart("subtask"), codingChart("integration"), chartFrom(player)];

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Boxes without what is nested in them. */
const heads = ({ boxes }: Scene): Rect[] =>
  boxes.map((box) => ({ ...box, height: box.headHeight, width: box.node.width }));

describe.each(charts)("the layout of $name", (chart) => {
  const graph = graphOf(chart);
  const scene = layOut(graph);
  const boxes = new Map(scene.boxes.map((box) => [box.node.id, box]));

  test("every state has a box, inside that of its parent", () => {
    for (const { id, parent } of chart.states) {
      const box = boxes.get(id) as Rect;
      expect(box, id).toBeDefined();
      const outer =
        parent === null ? { x: 0, y: 0, width: scene.width, height: scene.height } : (boxes.get(parent) as Rect);
      expect(box.x).toBeGreaterThanOrEqual(outer.x);
      expect(box.y).toBeGreaterThanOrEqual(outer.y);
      expect(box.x + box.width).toBeLessThanOrEqual(outer.x + outer.width);
      expect(box.y + box.height).toBeLessThanOrEqual(outer.y + outer.height);
    }
  });

  test("no label covers another label, a state's words, or a state", () => {
    const chips = scene.routes.map(({ chip }) => chip);
    chips.forEach((chip, index) => {
      for (const other of chips.slice(index + 1))
        expect(overlap(chip, other), JSON.stringify([chip, other])).toBe(false);
      for (const head of heads(scene)) expect(overlap(chip, head), JSON.stringify([chip, head])).toBe(false);
    });
  });

  test("siblings do not overlap", () => {
    for (const a of scene.boxes) {
      for (const b of scene.boxes) {
        if (a !== b && a.node.parent === b.node.parent) expect(overlap(a, b), `${a.node.id} ${b.node.id}`).toBe(false);
      }
    }
  });

  test("every line begins at the border of its source and ends at that of its target", () => {
    for (const { edge, points } of scene.routes) {
      const [source, target] = [boxes.get(edge.source) as Rect, boxes.get(edge.target) as Rect];
      for (const [point, box] of [
        [points[0], source],
        [points.at(-1), target],
      ] as const) {
        if (point === undefined) throw new Error("no point");
        const isOnSide = point.x === box.x || point.x === box.x + box.width;
        const isOnEnd = point.y === box.y || point.y === box.y + box.height;
        expect(isOnSide || isOnEnd, edge.id).toBe(true);
        expect(
          point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height,
        ).toBe(true);
      }
    }
  });

  test("lines to different states never share a lane", () => {
    const stretches = scene.routes.flatMap(({ edge, points }) =>
      points.length === 4
        ? [
            {
              target: edge.target,
              x: points[1]?.x,
              ys: [points[1]?.y as number, points[2]?.y as number].toSorted((a, b) => a - b),
            },
          ]
        : [],
    );
    for (const a of stretches) {
      for (const b of stretches) {
        const isApart = (a.ys[1] as number) < (b.ys[0] as number) || (b.ys[1] as number) < (a.ys[0] as number);
        if (a.target !== b.target && a.x === b.x) expect(isApart, `${a.target} ${b.target}`).toBe(true);
      }
    }
  });

  test("each transition is a line of a label, or a row of its state", () => {
    const shown = [
      ...graph.edges.flatMap(({ lines }) => lines.map(({ transition }) => transition)),
      ...graph.nodes.flatMap(({ rows }) => rows.flatMap(({ transition }) => transition ?? [])),
    ];
    expect(new Set(shown)).toEqual(new Set(chart.transitions.map(({ id }) => id)));
  });
});

test("the way of a good day is one straight line, in the order in which its author wrote it", () => {
  const { routes } = layOut(graphOf(codingChart("subtask")));
  const straight = routes.filter(({ side }) => side === "down").map(({ edge }) => edge.id.replaceAll("subtask.", ""));
  expect(straight).toEqual(
    expect.arrayContaining(["coding>checking", "checking>committing", "committing>done", "keeping>failed"]),
  );
});

test("transitions between the same two states are one line with a label of several rows", () => {
  const edges = graphOf(codingChart("coding-job")).edges;
  const retry = edges.find(({ id }) => id === "coding-job.failed>coding-job.working");
  expect(retry?.lines.map(({ event }) => event)).toEqual(["subtask.skip", "job.retry"]);
  expect(new Set(edges.map(({ source, target }) => `${source}>${target}`)).size).toBe(edges.length);
});

test("what holds for every state stands beside the states as a place of its own", () => {
  const { nodes, edges } = graphOf(codingChart("coding-job"));
  expect(nodes.find(({ id }) => id === anyOf("coding-job"))).toMatchObject({ type: "any", title: "from any state" });
  expect(edges.find(({ target }) => target === "coding-job.cancelled")?.source).toBe(anyOf("coding-job"));
});

test("regions, history, delays and self transitions are told apart", () => {
  const { nodes, edges } = graphOf(chartFrom(player));
  expect(nodes.filter(({ isRegion }) => isRegion).map(({ title }) => title)).toEqual(
    expect.arrayContaining(["sound", "tape"]),
  );
  expect(nodes.find(({ type }) => type === "history")).toMatchObject({ deepHistory: true });
  const words = edges.flatMap(({ lines }) => lines.map(({ event }) => event));
  expect(words).toContain("after 60 min");
  expect(nodes.find(({ title }) => title === "on")?.rows).toMatchObject([{ kind: "again", text: "beep" }]);
  expect(nodes.find(({ title }) => title === "playing")?.rows).toMatchObject([{ kind: "on", text: "hum" }]);
});
