/** The live view as text: a line for each thing that goes on, and one that counts the rest. */

import { formatDuration } from "../../core/durations.ts";
import { cleanLine } from "../format/clean.ts";
import type { Paint, Style } from "../format/paint.ts";
import { cutToWidth, padToWidth, textWidth } from "../format/text-width.ts";
import type { Activity, LiveModel } from "./live-model.ts";

export interface LiveFrame {
  readonly now: number;
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const SPINNER_MS = 120;
const WIDEST_NAME = 24;

/** Lines that are never longer than the terminal is wide, and never more than it is high. */
export function renderLive(model: LiveModel, frame: LiveFrame): string {
  const activities = [...(model.job ? [model.job] : []), ...model.running];
  const names = Math.min(WIDEST_NAME, Math.max(0, ...activities.map(({ name }) => textWidth(cleanLine(name)))));
  // The cursor's own line and the last one stay free, and one for the count.
  const room = Math.max(1, frame.rows - 3);
  const shown = activities.length > room ? activities.slice(0, room - 1) : activities;
  const hidden = activities.length - shown.length;
  return [
    ...shown.map((activity) => activityLine(activity, names, frame)),
    ...(hidden > 0 ? [oneLine([["dim", `  … and ${hidden} more`]], frame)] : []),
    oneLine([["dim", `  ${footer(model, frame.now)}`]], frame),
  ].join("\n");
}

function activityLine({ name, note, line, since, retryAt }: Activity, names: number, frame: LiveFrame): string {
  const { now } = frame;
  const spin = SPINNER[Math.floor(now / SPINNER_MS) % SPINNER.length] as string;
  const isWaiting = retryAt !== null && retryAt > now;
  const state = isWaiting ? `again in ${wholeSeconds(retryAt - now + 999)}` : note;
  return oneLine(
    [
      [isWaiting ? "yellow" : "cyan", `${isWaiting ? "↻" : spin} `],
      [null, padToWidth(cutToWidth(cleanLine(name), names), names)],
      ["dim", `  ${wholeSeconds(now - since).padStart(7)}`],
      ["yellow", state && `  ${state}`],
      [null, line && `  ${cleanLine(line)}`],
    ],
    frame,
  );
}

function footer(model: LiveModel, now: number): string {
  const counts = (
    [
      [model.running.length, "running"],
      [model.count("pending"), "waiting"],
      [model.count("done"), "done"],
      [model.count("failed"), "failed"],
      [model.count("blocked"), "blocked"],
      [model.count("skipped"), "skipped"],
    ] as const
  ).flatMap(([number, name]) => (number > 0 ? [`${number} ${name}`] : []));
  const time = wholeSeconds(now - model.begunAt);
  const stop = model.isStopping ? "stopping; Ctrl-C again stops at once" : "Ctrl-C stops, to be resumed";
  return [...counts, time, model.jobId, stop].join(" · ");
}

/** Cuts the parts, one after the other, to what is left of the line; colours take no room. */
function oneLine(parts: readonly (readonly [Style | null, string])[], { columns, paint }: LiveFrame): string {
  let left = columns;
  return parts
    .map(([style, text]) => {
      const cut = cutToWidth(text, left);
      left -= textWidth(cut);
      return style === null || cut === "" ? cut : paint(style, cut);
    })
    .join("");
}

/** Tenths that change all the time would only make it restless. */
function wholeSeconds(ms: number): string {
  return ms < 60_000 ? `${Math.floor(ms / 1000)}s` : formatDuration(Math.floor(ms / 1000) * 1000);
}
