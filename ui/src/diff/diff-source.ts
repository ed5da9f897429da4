/** What a subtask or the job changed, as the page holds it: the list of files, and each file's lines once it is looked at. */

import { type Accessor, batch, createEffect, createMemo, createSignal, on, onCleanup, type Signal } from "solid-js";
import type { ChangedFile, DiffView } from "../../../src/core/protocol/diffs.ts";
import { ApiError } from "../api/api-error.ts";
import { getDiff, getFileDiff } from "../api/diffs.ts";
import type { Mark } from "../text/segments.ts";
import { askColours } from "./colours.ts";
import { inOrder, treeOf } from "./file-tree.ts";
import { CONTEXT, type Opened } from "./fold.ts";
import { languageOf } from "./language.ts";
import { type FileState, UNASKED } from "./layout.ts";
import { type Hunk, parsePatch } from "./parse-patch.ts";

export interface DiffSource {
  readonly view: Accessor<DiffView | null>;
  /** In the order of the tree. */
  readonly files: Accessor<readonly ChangedFile[]>;
  readonly error: Accessor<unknown>;
  readonly stateOf: (file: ChangedFile) => FileState;
  readonly errorOf: (file: ChangedFile) => unknown;
  /** Loads its lines if nobody has. */
  readonly load: (file: ChangedFile) => Promise<void>;
  /** Opens a fold; loads the whole file first if need be. */
  readonly open: (file: ChangedFile, key: number, opened: Opened, isLoaded: boolean) => void;
  /** Syntax colours of a line, by its number; none until they are there. */
  readonly colours: (file: ChangedFile, side: "old" | "new", line: number) => readonly Mark[];
  readonly refresh: () => void;
}

type Colours = Readonly<Record<"old" | "new", ReadonlyMap<number, readonly Mark[]>>>;

interface Held {
  readonly state: Signal<FileState>;
  readonly colours: Signal<Colours | null>;
  error: unknown;
  /** While it is on its way. */
  loading: Promise<void> | null;
}

const WHOLE = 10_000_000;
const NONE: readonly Mark[] = [];

/** @param of a subtask's id or `result`; another one begins anew */
export function createDiffSource(job: string, of: Accessor<string>): DiffSource {
  const [view, setView] = createSignal<DiffView | null>(null);
  const [error, setError] = createSignal<unknown>(null);
  const files = createMemo(() => inOrder(treeOf(view()?.files ?? [])));
  let held = new Map<number, Held>();
  let aborter = new AbortController();
  onCleanup(() => aborter.abort());

  const ask = async () => {
    const { signal } = aborter;
    try {
      const next = await getDiff(job, of(), signal);
      if (signal.aborted) return;
      batch(() => {
        setError(null);
        const before = view();
        if (before?.of === next.of && before.to === next.to && before.from === next.from) {
          if (before.isFinal !== next.isFinal) setView({ ...before, isFinal: next.isFinal });
          return;
        }
        held = new Map();
        setView(next);
      });
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    }
  };
  createEffect(
    on(of, () => {
      aborter.abort();
      aborter = new AbortController();
      batch(() => {
        held = new Map();
        setView(null);
        setError(null);
      });
      void ask();
    }),
  );

  const heldOf = ({ index }: ChangedFile): Held => {
    const known = held.get(index);
    if (known) return known;
    const made: Held = {
      state: createSignal(UNASKED),
      colours: createSignal<Colours | null>(null),
      error: null,
      loading: null,
    };
    held.set(index, made);
    return made;
  };

  const fetchLines = async (file: ChangedFile, context: number) => {
    const shown = view();
    const one = heldOf(file);
    const [state, setState] = one.state;
    if (!shown?.to) return;
    if (state().status !== "ready") setState({ ...state(), status: "loading" });
    try {
      const query = { of: shown.of, to: shown.to, file: file.index, context };
      const { patch, isCut } = await getFileDiff(job, query, aborter.signal);
      const hunks = parsePatch(patch);
      setState({ ...state(), status: "ready", hunks, isCut, isWhole: context === WHOLE && !isCut });
      void colour(file, one, hunks);
    } catch (cause) {
      if (cause instanceof Error && cause.name === "AbortError") return;
      // The work went on while it was looked at: what is listed is of before.
      if (cause instanceof ApiError && cause.code === "diff-changed") return void ask();
      one.error = cause;
      setState({ ...state(), status: "failed" });
    }
  };

  return {
    view,
    files,
    error,
    stateOf(file) {
      // With another list the states are others.
      view();
      return heldOf(file).state[0]();
    },
    errorOf: (file) => heldOf(file).error,
    async load(file) {
      const one = heldOf(file);
      const { status } = one.state[0]();
      if (status === "unasked" || status === "failed") one.loading = fetchLines(file, CONTEXT);
      await one.loading;
    },
    open(file, key, opened, isLoaded) {
      const [state, setState] = heldOf(file).state;
      setState({ ...state(), opened: new Map(state().opened).set(key, opened) });
      if (!isLoaded && !state().isWhole) void fetchLines(file, WHOLE);
    },
    colours: (file, side, line) => heldOf(file).colours[0]()?.[side].get(line) ?? NONE,
    refresh: () => void ask(),
  };
}

/** Each side of each hunk is coloured as one text: a comment that begins in it is seen to go on. */
async function colour(file: ChangedFile, held: Held, hunks: readonly Hunk[]): Promise<void> {
  const found = { old: new Map<number, readonly Mark[]>(), new: new Map<number, readonly Mark[]>() };
  const sides = [
    { side: "old", path: file.oldPath ?? file.path },
    { side: "new", path: file.path },
  ] as const;
  for (const { side, path } of sides) {
    const language = languageOf(path);
    if (language === null) continue;
    for (const { lines } of hunks) {
      const own = lines.filter((line) => line[side] !== null);
      const marks =
        own.length > 0
          ? await askColours(
              language,
              own.map(({ text }) => text),
            )
          : null;
      for (const [index, line] of (marks ?? []).entries()) found[side].set(own[index]?.[side] ?? 0, line);
    }
  }
  if (found.old.size + found.new.size > 0) held.colours[1](found);
}
