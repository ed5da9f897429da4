/** The shape of a command: its arguments as citty knows them, and what it does, with the exit code as its answer. */

import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from "citty";
import type { Session } from "./session.ts";

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface OrchCommand<Args extends ArgsDef> {
  readonly args: Args | (() => Promise<Args>);
  readonly run: (args: ParsedArgs<Args>, session: Session) => ExitCode | Promise<ExitCode>;
}

export function defineOrchCommand<const Args extends ArgsDef>({ args, run }: OrchCommand<Args>): CommandDef<Args> {
  return defineCommand<Args>({ args, run: (context) => run(context.args, context.data as Session) });
}

export const jsonFlag = {
  type: "boolean",
  description: "Print JSON for programs instead of text.",
} as const;

export const jobArgument = {
  type: "positional",
  required: true,
  description: "The job's id, as orch list shows it.",
} as const;
