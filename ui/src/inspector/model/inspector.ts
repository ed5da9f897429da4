/** What the parts of the inspector share: whose machine is shown, at which point, how it came there, what is selected. */

import { type Accessor, createContext, createMemo, createSignal, useContext } from "solid-js";
import type { JsonValue } from "../../../../src/core/protocol/common.ts";
import type { ActorDetail, ActorItem } from "../../../../src/core/protocol/history.ts";
import type { JobScope } from "../../live/job-scope.ts";
import { query, setQuery } from "../../routing/router.ts";
import { activeStates } from "../path/active-states.ts";
import type { PathCounts, Step } from "../path/actor-path.ts";
import { followDetail } from "./follow-detail.ts";
import { followPath } from "./follow-path.ts";
import { createLoaded } from "./loaded.ts";
import { loadMachine, type Machine } from "./machines.ts";
import { throttled } from "./throttled.ts";

export type Selection =
  | { readonly kind: "state"; readonly id: string }
  /** All transitions between the same two states. */
  | { readonly kind: "edge"; readonly id: string; readonly transitions: readonly string[] };

export interface Inspector {
  readonly scope: JobScope;
  readonly actorId: Accessor<string>;
  /** As it is now; undefined if there is none by that id (yet). */
  readonly actor: Accessor<ActorItem | undefined>;
  readonly open: (actorId: string) => void;
  readonly machine: Accessor<Machine | undefined>;
  readonly machineError: Accessor<unknown>;
  /** Number of the last entry; while they stream it moves in steps. */
  readonly last: Accessor<number>;
  /** The number of the entry that is shown: the point, or the last. */
  readonly shownSeq: Accessor<number>;
  readonly counts: Accessor<PathCounts | undefined>;
  /** The actor's state at the point; null before it began. Known from the history: it does not wait for the server. */
  readonly state: Accessor<JsonValue | null>;
  readonly active: Accessor<ReadonlySet<string>>;
  readonly entriesOf: (isWanted: (step: Step) => boolean, most: number) => readonly { seq: number; step: Step }[];
  readonly detail: Accessor<ActorDetail | null>;
  readonly detailError: Accessor<unknown>;
  readonly selection: Accessor<Selection | null>;
  readonly select: (selection: Selection | null) => void;
}

export const InspectorContext = createContext<Inspector>();

export function useInspector(): Inspector {
  const inspector = useContext(InspectorContext);
  if (inspector === undefined) throw new Error("useInspector outside of the inspector");
  return inspector;
}

/** While entries stream in, the chart and the lists are drawn anew this often at most. */
const LEAST_PAUSE_MS = 160;

const NOTHING: ReadonlySet<string> = new Set();

export function createInspector(scope: JobScope): Inspector {
  const actorId = createMemo(() => query("actor") ?? "job");
  const actor = createMemo(() => scope.now.actors.find(({ id }) => id === actorId()));
  const workflow = createMemo(
    () => {
      const found = actor();
      return found === undefined ? null : { name: found.workflow, version: found.version };
    },
    null,
    { equals: (a, b) => a?.name === b?.name && a?.version === b?.version },
  );
  const machine = createLoaded(workflow, ({ name, version }) => loadMachine(name, version));
  /** Not the one of the actor that was shown before. */
  const drawn = createMemo(() => {
    const chart = machine.value()?.chart;
    return chart?.name === workflow()?.name && chart?.version === workflow()?.version ? machine.value() : undefined;
  });
  const last = throttled(scope.last, LEAST_PAUSE_MS);
  const followed = followPath(scope, last, actorId, drawn);
  const { detail, error } = followDetail(scope, actorId);
  const [selection, select] = createSignal<Selection | null>(null);
  const shownSeq = () => scope.at() ?? last();
  const counts = createMemo(() => followed()?.path.upTo(shownSeq()));
  const state = createMemo(() => counts()?.last?.step.after ?? null);
  const active = createMemo(() => {
    const shown = drawn();
    return shown === undefined ? NOTHING : new Set(activeStates(shown.index, state()));
  });
  return {
    scope,
    actorId,
    actor,
    open(id) {
      select(null);
      setQuery("actor", id === "job" ? null : id);
    },
    machine: drawn,
    machineError: machine.error,
    last,
    shownSeq,
    counts,
    state,
    active,
    entriesOf: (isWanted, most) => followed()?.path.entries(shownSeq(), isWanted, most) ?? [],
    detail,
    detailError: error,
    selection,
    select,
  };
}
