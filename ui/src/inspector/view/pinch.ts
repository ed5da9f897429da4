/** Two fingers on a touch screen zoom; a mouse that drags moves the chart. What one finger does is the browser's. */

export interface GestureTarget {
  readonly element: HTMLElement;
  readonly zoomBy: (factor: number, clientX: number, clientY: number) => void;
  /** The person has moved the chart themselves. */
  readonly moved: () => void;
}

/** @returns undoes it */
export function listenToGestures({ element, zoomBy, moved }: GestureTarget): () => void {
  const aborter = new AbortController();
  const { signal } = aborter;
  const fingers = new Map<number, PointerEvent>();
  let drag: { x: number; y: number; left: number; top: number; isMoving: boolean } | null = null;

  element.addEventListener(
    "wheel",
    (event) => {
      moved();
      // A pinch on a touch pad comes as a wheel with Ctrl.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.006)), event.clientX, event.clientY);
    },
    { passive: false, signal },
  );
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.pointerType === "touch") fingers.set(event.pointerId, event);
      else if (event.button === 0) {
        const { scrollLeft: left, scrollTop: top } = element;
        drag = { x: event.clientX, y: event.clientY, left, top, isMoving: false };
      }
    },
    { signal },
  );
  window.addEventListener(
    "pointermove",
    (event) => {
      if (drag !== null && event.pointerType !== "touch") {
        const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
        if (!drag.isMoving && Math.hypot(dx, dy) < 5) return;
        drag.isMoving = true;
        moved();
        element.scrollTo(drag.left - dx, drag.top - dy);
      }
      const before = fingers.get(event.pointerId);
      if (before === undefined) return;
      const other = [...fingers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
      fingers.set(event.pointerId, event);
      moved();
      if (other === undefined) return;
      const factor = apart(event, other) / Math.max(1, apart(before, other));
      zoomBy(factor, (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
    },
    { signal },
  );
  const up = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    if (drag?.isMoving) window.addEventListener("click", swallow, { capture: true, once: true });
    // No click follows if the button was let go elsewhere.
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    drag = null;
  };
  window.addEventListener("pointerup", up, { signal });
  window.addEventListener("pointercancel", up, { signal });
  return () => aborter.abort();
}

/** The click at the end of a drag selects nothing. */
function swallow(event: Event): void {
  event.stopPropagation();
}

function apart(a: PointerEvent, b: PointerEvent): number {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}
