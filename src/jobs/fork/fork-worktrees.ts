/** Which worktrees a job has at a point of its history, what their branches are at and what lies in them. Pure. */

import type {
  CheckWorkOutput,
  CommitWorkOutput,
  ConcludeConflictOutput,
  IntegrateOutput,
  PrepareWorktreeInput,
  RunCommandsOutput,
  Worktree,
} from "../../core/coding.ts";
import type { ActivityCall } from "../../engine/open-work.ts";

export interface WorktreeAt {
  readonly name: string;
  readonly branch: string;
  /** Files of the user's checkout that are copied into it. */
  readonly copy: readonly string[];
  /** The commit that its branch is at. */
  readonly head: string;
  /** Commit or tree that its files came from before an agent was at them. */
  readonly base: string;
  /** A commit or tree, or, for what an agent left and nobody has answered for yet, the effect that keeps it. */
  readonly files: { readonly tree: string } | { readonly keptBy: string };
  /** The setup commands that were run in it; null for none. */
  readonly setup: { readonly commands: readonly string[]; readonly limitMs: number } | null;
  /** Whether something is at work in it: then what lies in it counts. */
  readonly isInUse: boolean;
}

type Draft = { -readonly [Key in keyof WorktreeAt]: WorktreeAt[Key] };

/** @param calls every call of an activity up to the point, as `Fork` has them */
export function worktreesAt(calls: readonly ActivityCall[]): readonly WorktreeAt[] {
  const worktrees = new Map<string, Draft>();
  const ended = calls.filter(({ endSeq }) => endSeq !== null).sort((a, b) => (a.endSeq ?? 0) - (b.endSeq ?? 0));
  for (const call of ended) {
    const name = worktreeOf(call);
    if (name === null) continue;
    if (call.name === "prepareWorktree") {
      if (call.output !== null) worktrees.set(name, prepared(call));
      continue;
    }
    const worktree = worktrees.get(name);
    if (worktree) advance(worktree, call, calls);
  }
  const used = new Set(calls.filter(({ endSeq }) => endSeq === null).map(worktreeOf));
  return [...worktrees.values()].map((worktree) => ({ ...worktree, isInUse: used.has(worktree.name) }));
}

function prepared({ input }: ActivityCall): Draft {
  const { name, branch, startCommit, copy } = input as unknown as PrepareWorktreeInput;
  const files = { tree: startCommit };
  return { name, branch, copy, head: startCommit, base: startCommit, files, setup: null, isInUse: false };
}

/** A call without an output has failed: what it did before that is not on record. */
function advance(worktree: Draft, call: ActivityCall, calls: readonly ActivityCall[]): void {
  const { name, input, output } = call;
  if (name === "runCodexTurn") {
    // However the turn ended, what was scheduled then keeps what the agent left.
    const next = calls.find(({ seq, actorId }) => seq === call.endSeq && actorId === call.actorId);
    if (next && worktreeOf(next) === worktree.name) worktree.files = { keptBy: next.effectId };
    return;
  }
  if (output === null) return;
  switch (name) {
    case "integrate": {
      const { head, conflict } = output as unknown as IntegrateOutput;
      set(worktree, head, conflict?.tree);
      return;
    }
    case "concludeConflict": {
      const { head } = output as unknown as ConcludeConflictOutput;
      if (head !== null) set(worktree, head);
      else worktree.files = { keptBy: call.effectId };
      return;
    }
    case "checkWork":
      worktree.files = { tree: (output as unknown as CheckWorkOutput).tree };
      return;
    case "commitWork":
      set(worktree, (output as unknown as CommitWorkOutput).head);
      return;
    case "runCommands": {
      const { commands, limitMs } = input as unknown as Pick<NonNullable<WorktreeAt["setup"]>, "commands" | "limitMs">;
      const hasPassed = (output as unknown as RunCommandsOutput).failure === null;
      // The result's are its checks: what they leave behind is nothing to go on with.
      if (hasPassed && call.invokeId === "setup") worktree.setup = { commands, limitMs };
      return;
    }
  }
}

function set(worktree: Draft, head: string, tree = head): void {
  worktree.head = head;
  worktree.base = tree;
  worktree.files = { tree };
}

function worktreeOf({ name, input }: ActivityCall): string | null {
  const { name: own, worktree } = (input ?? {}) as { readonly name?: string; readonly worktree?: Worktree | null };
  return (name === "prepareWorktree" ? own : worktree?.name) ?? null;
}
