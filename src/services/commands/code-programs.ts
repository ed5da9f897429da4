/** The programs that run the repository's own code, and what they may be asked for: the sandbox holds them, not these rules. Pure. */

import { printable } from "../../core/ids.ts";

/** Why `args` are refused; undefined if they are allowed. */
type Judge = (args: readonly string[]) => string | undefined;

const NO_INSTALL =
  "nothing is installed here, and there is no network: work with what is there, and name what is to be installed in a subtask's instructions";
const NO_REGISTRY = "there is no network, and the registry and its accounts are not yours to use";
const NO_SETTINGS = "its configuration may hold credentials";
const IN_SUBTASK = "name what is to be changed in a subtask's instructions";

const REFUSALS: ReadonlyMap<string, string> = new Map([
  ...group(
    "install i in add ci install-test it install-ci-test cit update up upgrade uninstall remove rm un link ln",
    NO_INSTALL,
  ),
  ...group(
    "dedupe ddp rebuild rb prune import fetch dlx create init global install-links shrinkwrap patch",
    NO_INSTALL,
  ),
  ...group(
    "publish unpublish login logout adduser add-user token owner access team org deprecate dist-tag",
    NO_REGISTRY,
  ),
  ...group("star unstar stars hook profile whoami ping search view info show audit outdated npm", NO_REGISTRY),
  ...group("config c set get", NO_SETTINGS),
  ...group("version pkg set-version", IN_SUBTASK),
]);

const NPM = words("test t tst run run-script rum exec x start ls list ll la why explain query root prefix help");
const YARN = words("test run exec start list why node workspace workspaces help bin");
const PNPM = words("test t tst run run-script exec start ls list ll la why root bin help");
/** Before the subcommand: with these only its version, its help, or all packages of a workspace are asked for. */
const FIRST = words("--version -v --help -h");

export const CODE_PROGRAMS: Readonly<Record<CodeProgram, Judge>> = {
  node: () => undefined,
  pytest: () => undefined,
  npm: (args) => judgeManager("npm", args, NPM),
  yarn: (args) => judgeManager("yarn", args, YARN),
  pnpm: ([first, ...rest]) =>
    judgeManager("pnpm", first === "-r" || first === "--recursive" ? rest : [first ?? "", ...rest], PNPM),
};

export type CodeProgram = "node" | "pytest" | "npm" | "yarn" | "pnpm";

/** What stands behind the subcommand is free: the script that it runs could do all that by itself. */
function judgeManager(name: string, [subcommand = "", ...rest]: readonly string[], allowed: ReadonlySet<string>) {
  if (allowed.has(subcommand)) return undefined;
  if (FIRST.has(subcommand) && rest.length === 0) return undefined;
  const list = [...allowed].join(", ");
  if (subcommand === "") return `${name} alone installs: ${NO_INSTALL}`;
  if (subcommand.startsWith("-")) {
    return `${name} options before the subcommand (${printable(subcommand)}) are not allowed: begin with ${list}`;
  }
  const reason = REFUSALS.get(subcommand) ?? `what is allowed is ${list}; a script of package.json is run with run`;
  return `${name} ${printable(subcommand)} is not allowed: ${reason}`;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

function group(subcommands: string, reason: string): [string, string][] {
  return subcommands.split(" ").map((subcommand) => [subcommand, reason]);
}
