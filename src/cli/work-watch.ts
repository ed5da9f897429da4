/**
 * Watches the work itself. Shows it on stderr as the settings say: what agents print (`teeCodex`), and each call of a tool
 * (`trace`).
 */

import type { Config } from "../config/load-config.ts";
import { formatDuration } from "../core/durations.ts";
import type { ToolCall, Worker, WorkWatch } from "../core/work-watch.ts";
import { cleanLine } from "./format/clean.ts";
import { choosePaint, type Paint } from "./format/paint.ts";
import { IdleMemory } from "./idle-memory.ts";
import type { Session } from "./session.ts";

const LONGEST_ARGUMENTS = 300;

/** @param namesJobs whether several jobs run at a time: then each line says whose it is */
export function createWorkWatch(
  { stderr, environment }: Session,
  { teeCodex, trace }: Pick<Config, "teeCodex" | "trace">,
  namesJobs: boolean,
): WorkWatch {
  const paint = choosePaint(stderr.stream, environment);
  const nameOf = ({ jobId, name }: Worker) => cleanLine(namesJobs ? `${jobId}/${name}` : name);
  return {
    onRest: new IdleMemory().onRest,
    ...(teeCodex && { onOutput: (worker, lines) => stderr.lines(teeLines(nameOf(worker), lines, paint)) }),
    ...(trace && {
      onToolCall: (worker, call) => stderr.line(paint("dim", traceLine(nameOf(worker), call, new Date()))),
    }),
  };
}

export function teeLines(name: string, lines: readonly string[], paint: Paint): string[] {
  const prefix = paint("cyan", `${name} │`);
  return lines.map((line) => `${prefix} ${line}`);
}

/** `trace 09:05:07.042 alarm shell 3.2s, exit code 1: npm test` */
export function traceLine(name: string, call: ToolCall, at: Date): string {
  const { tool, outcome, tookMs } = call;
  const facts = [
    ...(tookMs === null ? [] : [formatDuration(tookMs)]),
    ...(outcome === "" ? [] : [cleanLine(outcome, LONGEST_ARGUMENTS)]),
  ];
  const words = cleanLine(call.arguments, LONGEST_ARGUMENTS);
  const head = `trace ${at.toISOString().slice(11, 23)} ${name} ${cleanLine(tool, 60)}`;
  return `${head}${facts.length > 0 ? ` ${facts.join(", ")}` : ""}${words === "" ? "" : `: ${words}`}`;
}
