/** The statechart in a frame that scrolls and zooms, and follows the active state. */

import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { IconButton } from "../../design/button.tsx";
import { isFrameless } from "../chart/layout.ts";
import type { SceneBox } from "../chart/scene.ts";
import { useInspector } from "../model/inspector.ts";
import type { Machine } from "../model/machines.ts";
import styles from "./chart.module.css";
import { listenToGestures } from "./pinch.ts";
import { RouteChip, RouteLine } from "./route-line.tsx";
import { StateBox } from "./state-box.tsx";
import { clampZoom, firstZoom, keepUnder, wholeZoom } from "./zoom.ts";

const STEP = 1.25;

export function ChartView(props: { machine: Machine }) {
  const { active, counts, selection, select, actorId } = useInspector();
  let frame!: HTMLDivElement;
  const [zoom, setZoom] = createSignal(1);
  const [isFollowing, setFollowing] = createSignal(true);
  const [stop, setStop] = createSignal<string | null>(null);
  const scene = () => props.machine.scene;
  const boxes = createMemo(() => scene().boxes.filter(({ node }) => !isFrameless(props.machine.graph, node)));

  const zoomTo = (next: number, clientX?: number, clientY?: number) => {
    const before = zoom();
    const after = clampZoom(next);
    const rect = frame.getBoundingClientRect();
    const [x, y] = [
      (clientX ?? rect.left + rect.width / 2) - rect.left,
      (clientY ?? rect.top + rect.height / 2) - rect.top,
    ];
    const [left, top] = [keepUnder(frame.scrollLeft, x, before, after), keepUnder(frame.scrollTop, y, before, after)];
    setZoom(after);
    frame.scrollTo(left, top);
  };
  const size = () => ({ width: frame.clientWidth, height: frame.clientHeight });

  /** The innermost active states, or where it has come to last. */
  const lit = () =>
    scene().boxes.filter(({ node }) => active().has(node.id) && !node.children.some((id) => active().has(id)));
  const show = (boxes: readonly SceneBox[], behavior: ScrollBehavior) => {
    const [first] = boxes;
    if (first === undefined) return;
    const middle = { x: (first.x + first.width / 2) * zoom(), y: (first.y + Math.min(first.height, 120) / 2) * zoom() };
    const margin = Math.max(frame.clientWidth - scene().width * zoom(), 0) / 2;
    frame.scrollTo({
      left: middle.x + margin - frame.clientWidth / 2,
      top: middle.y - frame.clientHeight * 0.45,
      behavior,
    });
  };
  const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  onMount(() => {
    const moved = () => setFollowing(false);
    // A window that is made narrower, a phone that is turned: what is active stays in sight.
    const resized = new ResizeObserver(() => isFollowing() && show(lit(), "instant"));
    resized.observe(frame);
    onCleanup(() => resized.disconnect());
    onCleanup(listenToGestures({ element: frame, zoomBy: (factor, x, y) => zoomTo(zoom() * factor, x, y), moved }));
  });
  // Another actor's machine begins anew: as large as it can be read, at its active state.
  createEffect(
    on([actorId, scene], () => {
      setZoom(firstZoom(scene(), size()));
      setFollowing(true);
      queueMicrotask(() => show(lit(), "instant"));
    }),
  );
  createEffect(
    on(
      () =>
        lit()
          .map(({ node }) => node.id)
          .join(" "),
      () => isFollowing() && show(lit(), isCalm() ? "instant" : "smooth"),
      { defer: true },
    ),
  );

  /** One stop for the Tab key: the selected state, or the active one, or the first. */
  const isStop = (id: string) => id === (stop() ?? selection()?.id ?? lit()[0]?.node.id ?? boxes()[0]?.node.id);
  const keys = (event: KeyboardEvent) => {
    const all = boxes();
    const here = all.findIndex(({ node }) => node.id === (event.currentTarget as Element).getAttribute("data-id"));
    const next = {
      ArrowDown: here + 1,
      ArrowRight: here + 1,
      ArrowUp: here - 1,
      ArrowLeft: here - 1,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      select({ kind: "state", id: all[here]?.node.id ?? "" });
      event.preventDefault();
    }
    const box = next === undefined ? undefined : all[next];
    if (box === undefined) return;
    event.preventDefault();
    setStop(box.node.id);
    setFollowing(false);
    show([box], "instant");
    frame.querySelector<SVGRectElement>(`[data-id="${CSS.escape(box.node.id)}"]`)?.focus({ preventScroll: true });
  };
  const frameKeys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      "+": () => zoomTo(zoom() * STEP),
      "=": () => zoomTo(zoom() * STEP),
      "-": () => zoomTo(zoom() / STEP),
      "0": fit,
    }[event.key];
    if (event.key === "Escape" && selection() !== null) select(null);
    else if (act === undefined) return;
    else act();
    event.preventDefault();
  };
  const fit = () => zoomTo(wholeZoom(scene(), size()));

  /** Taken lines above others, the latest on top of all. */
  const routes = () => {
    const seen = counts();
    const rank = (ids: readonly string[]) =>
      ids.some((id) => seen?.last?.step.transitions.includes(id))
        ? 2
        : ids.some((id) => seen?.transitions.has(id))
          ? 1
          : 0;
    return scene().routes.toSorted(
      (a, b) =>
        rank(a.edge.lines.map(({ transition }) => transition)) - rank(b.edge.lines.map(({ transition }) => transition)),
    );
  };

  return (
    <div class={styles.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs */}
      <div ref={frame} class={styles.scroll} tabIndex={0} role="group" aria-label="Statechart" onKeyDown={frameKeys}>
        {/* biome-ignore lint/a11y/useSemanticElements: it holds buttons, so it is no image */}
        <svg
          class={styles.svg}
          width={scene().width * zoom()}
          height={scene().height * zoom()}
          viewBox={`0 0 ${scene().width} ${scene().height}`}
          role="group"
          aria-label={`States of ${props.machine.chart.name}`}
        >
          <For each={boxes().filter(({ node }) => node.children.length > 0)}>
            {(box) => <StateBox box={box} isStop={isStop(box.node.id)} keys={keys} />}
          </For>
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
          <g aria-hidden="true">
            <For each={routes()}>{(route) => <RouteLine route={route} />}</For>
            <For each={scene().starts}>
              {({ from, to }) => (
                <>
                  <line x1={from.x} y1={from.y} x2={to.x} y2={to.y - 5} class={styles.startLine} />
                  <path d={`M${to.x} ${to.y}l-3.6 -6.5h7.2Z`} class={styles.dot} />
                  <circle cx={from.x} cy={from.y} r="4.5" class={styles.dot} />
                </>
              )}
            </For>
          </g>
          <For each={boxes().filter(({ node }) => node.children.length === 0)}>
            {(box) => <StateBox box={box} isStop={isStop(box.node.id)} keys={keys} />}
          </For>
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
          <g aria-hidden="true">
            <For each={scene().routes}>{(route) => <RouteChip route={route} />}</For>
          </g>
        </svg>
      </div>
      <div class={styles.tools} role="toolbar" aria-label="View of the chart">
        <IconButton
          icon="target"
          label="Follow the active state"
          size="sm"
          aria-pressed={isFollowing()}
          onClick={() => {
            setFollowing(!isFollowing());
            if (isFollowing()) show(lit(), isCalm() ? "instant" : "smooth");
          }}
        />
        <IconButton icon="zoomOut" label="Smaller" size="sm" onClick={() => zoomTo(zoom() / STEP)} />
        <IconButton icon="zoomIn" label="Larger" size="sm" onClick={() => zoomTo(zoom() * STEP)} />
        <IconButton icon="fit" label="All of it" size="sm" onClick={fit} />
      </div>
      <Show when={selection() === null && counts()?.last === null}>
        <p class="only-spoken">This actor has not begun at that point.</p>
      </Show>
    </div>
  );
}
