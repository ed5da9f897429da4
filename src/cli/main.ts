/** Reads the command line, runs the command that it names, and ends the process with its exit code. */

import { type ArgsDef, runCommand } from "citty";
import type { UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { nearest } from "../core/nearest.ts";
import { checkArguments } from "./check-arguments.ts";
import { EXIT, type ExitCode } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { commandHelp, mainHelp, usageLine } from "./help.ts";
import { refuseTakenFlags } from "./npm-flags.ts";
import { reportError } from "./report-error.ts";
import { Session } from "./session.ts";
import { wrongUsage } from "./wrong-usage.ts";

/** @param version of the package */
export async function main(argv: readonly string[], version: string): Promise<never> {
  const session = new Session(argv);
  // What nobody has caught anywhere: said in the same words. Jobs stand where their last commit left them.
  process.on("uncaughtException", (error) => process.exit(reportError(error, session)));
  const code = await dispatch(argv, version, session).catch((error: unknown) => reportError(error, session));
  await session.flush();
  process.exit(code);
}

async function dispatch(argv: readonly string[], version: string, session: Session): Promise<ExitCode> {
  const [first, ...rawArgs] = argv.filter((arg, index) => !(arg === "--debug" && isBeforeCommand(argv, index)));
  switch (first) {
    case undefined:
    case "help":
    case "--help":
    case "-h":
      session.stdout.write(mainHelp());
      return EXIT.ok;
    case "--version":
    case "-v":
      session.stdout.line(version);
      return EXIT.ok;
  }
  if (first.startsWith("-")) throw unknownCommand(first, "the command comes first");
  return runNamed(first, rawArgs, session);
}

async function runNamed(name: string, rawArgs: string[], session: Session): Promise<ExitCode> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) throw unknownCommand(name, meantBy(name));
  const command = await entry.load();
  const args = (await (typeof command.args === "function" ? command.args() : command.args)) as ArgsDef;
  if (wantsHelp(rawArgs)) {
    session.stdout.write(commandHelp(name, entry, args));
    return EXIT.ok;
  }
  refuseTakenFlags(session.environment, args);
  checkArguments(rawArgs, args, usageLine(name, entry.usage));
  const { result } = await runCommand(command, { rawArgs, data: session });
  return result as ExitCode;
}

function isBeforeCommand(argv: readonly string[], index: number): boolean {
  return argv.slice(0, index).every((arg) => arg === "--debug");
}

function wantsHelp(rawArgs: readonly string[]): boolean {
  const end = rawArgs.indexOf("--");
  return rawArgs.some((arg, index) => (arg === "--help" || arg === "-h") && (end === -1 || index < end));
}

function unknownCommand(name: string, hint: string): UsageError {
  return wrongUsage(`there is no command "${printable(name)}"`, hint);
}

function meantBy(name: string): string {
  const meant = nearest(name, Object.keys(COMMANDS));
  return meant ? `did you mean "orch ${meant}"?` : `see "orch --help"; to give a task: orch run "<task>"`;
}
