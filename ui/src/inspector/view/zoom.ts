/** How large a chart is shown. Pure. */

export const LEAST = 0.25;
export const MOST = 2.5;
/** Below this its small words can't be read: a chart is rather scrolled than shown smaller from the start. */
const LEGIBLE = 0.74;

export function clampZoom(zoom: number): number {
  return Math.min(MOST, Math.max(LEAST, zoom));
}

/** All of it in the window, if it can be read then; else as wide as the window, and never larger than it is. */
export function firstZoom(chart: { width: number; height: number }, frame: { width: number; height: number }): number {
  const wide = Math.min(1, frame.width / chart.width);
  const whole = Math.min(wide, frame.height / chart.height);
  return clampZoom(whole >= LEGIBLE ? whole : Math.max(wide, LEGIBLE));
}

export function wholeZoom(chart: { width: number; height: number }, frame: { width: number; height: number }): number {
  return clampZoom(Math.min(1, frame.width / chart.width, frame.height / chart.height));
}

/** Where to scroll to so that what is under a point of the frame stays there. */
export function keepUnder(scroll: number, point: number, before: number, after: number): number {
  return ((scroll + point) / before) * after - point;
}
