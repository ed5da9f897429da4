/** What a trick is: what is tried, through which door, and what proves that it worked. The families are tables of these. */

import type { World } from "./world.ts";

/**
 * What proves that a trick landed. `{id}` is the trick's own name everywhere, so that no trick is taken for another.
 *
 * - `pushed`: the bare repository beside has a ref whose name ends in `{id}`
 * - `written`: there is a file `{outside}/{id}`, outside of every worktree
 * - `reached`: the listener of the test, on loopback or on a unix socket, heard `{id}`
 * - `told`: whoever asked was told the trick's secret (in `{home}/{id}.secret` and in the environment by the names `{token}` and `{note}`)
 * - `lives`: a process whose command line holds `{id}` is still there
 * - `appears`, `vanishes`: a path is there, or is not there any more
 * - `holds`: a file holds `{id}`
 * - `commits`: the bare repository has a tree with an entry of this mode and path (`120000 {id}`)
 */
export type Sentinel =
  | "pushed"
  | "written"
  | "reached"
  | "told"
  | "lives"
  | { readonly appears: string }
  | { readonly vanishes: string }
  | { readonly holds: string }
  | { readonly commits: string }
  | ((world: World, id: string) => boolean);

interface Common {
  /** Says what is tried. Unique in its family. */
  readonly name: string;
  readonly lands: Sentinel;
  /** Shell text that prepares the place, with and without the guard, before anything is tried. Runs in the worktree. */
  readonly setup?: string;
  /** What the user's session, from which orch is started, has in its environment besides. Needs a place of its own. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * It would disturb others, so it gets a place of its own: where nothing hinders it, where it is hindered (because that
   * hinders the others, too), or in both cases.
   */
  readonly alone?: "without guard" | "with guard" | "always";
}

/** A call of the planner's tool. */
export interface PlannerTrick extends Common {
  readonly door: "planner";
  /** The words of the command. */
  readonly command: readonly string[];
  /** The tool's parameter: a folder, relative to the root. */
  readonly worktree?: string;
  /** How the words are run without the guard: as they are, or as one line of a shell. */
  readonly control: "spawn" | "shell";
}

/** A command of an agent, in a turn of the real Codex. */
export interface CodexTrick extends Common {
  readonly door: "codex";
  /** A program without which it cannot be tried. Of the planner's tricks it is the one that they name. */
  readonly needs?: string;
  /** Shell text. */
  readonly run: string;
}

/** A call of the planner's tool that wants more than there is: the limits are tight. */
export interface LimitsTrick extends Common {
  readonly door: "limits";
  readonly command: readonly string[];
}

/** Something that lies in a tree (its `setup`), which the orchestrator's git then meets. */
export interface TreeTrick extends Common {
  readonly door: "tree";
  readonly setup: string;
  /** Shell text that plain git is used by, beyond what it is used by for all of them. Runs without the guard only. */
  readonly control?: string;
}

/** Something that lies in a tree (its `setup`), which the repository's own verify command then runs. */
export interface VerifyTrick extends Common {
  readonly door: "verify";
  readonly setup: string;
  readonly verify: string;
}

/** A file that is to be copied from the user's checkout into a worktree. Here `setup` runs in the checkout. */
export interface CopyTrick extends Common {
  readonly door: "copy";
  readonly setup: string;
  readonly copy: string;
}

/** Text of the model's that a person is shown. */
export interface ShownTrick {
  readonly door: "shown";
  readonly name: string;
  /** Which text it stands in: of the plan, of the task, or what an agent says, its command prints, or verify prints. */
  readonly where: "title" | "summary" | "instructions" | "id" | "task" | "says" | "prints" | "verify";
  readonly text: string;
  /** What must not be printed. */
  readonly raw: string;
}

export type Trick = PlannerTrick | LimitsTrick | CodexTrick | TreeTrick | VerifyTrick | CopyTrick | ShownTrick;
export type PlacedTrick = Exclude<Trick, ShownTrick>;

export interface Family {
  readonly name: string;
  readonly tricks: readonly Trick[];
}

type More<T extends Trick> = Partial<Omit<T, "door" | "name" | "lands">>;

/** `command`: its words, or a line that is split at spaces before anything is filled in. */
export function planner(
  name: string,
  command: string | readonly string[],
  lands: Sentinel,
  more: More<PlannerTrick> = {},
): PlannerTrick {
  const words = typeof command === "string" ? command.split(" ") : command;
  return { door: "planner", name, command: words, lands, control: "spawn", ...more };
}

export function codex(name: string, run: string, lands: Sentinel, more: More<CodexTrick> = {}): CodexTrick {
  return { door: "codex", name, run, lands, ...more };
}

export function tree(name: string, setup: string, lands: Sentinel, more: More<TreeTrick> = {}): TreeTrick {
  return { door: "tree", name, setup, lands, ...more };
}

/** The push that most of them want to make. */
export const PUSH = "git push {remote} HEAD:refs/heads/{id}";
/** The write that most of them want to make. */
export const WRITE = "touch {outside}/{id}";
