/** Tries tricks: those of one door together in one place, once behind the guard and once without it. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { codexDoor } from "./doors/codex-door.ts";
import { copyDoor } from "./doors/copy-door.ts";
import type { Door } from "./doors/door.ts";
import { limitsDoor } from "./doors/limits-door.ts";
import { plannerDoor } from "./doors/planner-door.ts";
import { showTricks } from "./doors/shown-door.ts";
import { treeDoor } from "./doors/tree-door.ts";
import { verifyDoor } from "./doors/verify-door.ts";
import { hasLanded, landed } from "./sentinel.ts";
import type { Family, PlacedTrick, ShownTrick, Trick } from "./trick.ts";
import { nameTrick, ROOT, World } from "./world.ts";

export interface Outcome {
  readonly family: string;
  readonly trick: Trick;
  /** Whether it landed. */
  readonly guarded: boolean;
  readonly unguarded: boolean;
}

const doors = {
  planner: plannerDoor,
  limits: limitsDoor,
  codex: codexDoor,
  tree: treeDoor,
  verify: verifyDoor,
  copy: copyDoor,
} as { readonly [name in PlacedTrick["door"]]: Door<PlacedTrick> };

/** How long a trick that is not hindered may take to leave its trace. */
const CONTROL_WAIT_MS = 4_000;

/** Those that can be tried on this machine, and the programs that the others need. */
export function onThisMachine(families: readonly Family[]): {
  readonly families: Family[];
  readonly missing: string[];
} {
  const missing = new Set<string>();
  const canBeTried = (trick: Trick) => {
    const program = neededProgram(trick);
    const isThere = program === undefined || isOnPath(program);
    if (!isThere) missing.add(program);
    return isThere;
  };
  const left = families.map(({ name, tricks }) => ({ name, tricks: tricks.filter(canBeTried) }));
  return { families: left, missing: [...missing] };
}

function neededProgram(trick: Trick): string | undefined {
  if (trick.door === "codex") return trick.needs;
  if (trick.door !== "planner" && trick.door !== "limits") return undefined;
  if (trick.door === "planner" && trick.control === "shell") return undefined;
  const program = trick.command[0] ?? "";
  // What a trick brings along stands in a folder.
  return program.includes("/") && !program.startsWith("/") ? undefined : program;
}

function isOnPath(program: string): boolean {
  const folders = [join(ROOT, "node_modules", ".bin"), ...(process.env.PATH ?? "").split(delimiter)];
  return program.startsWith("/") ? existsSync(program) : folders.some((folder) => existsSync(join(folder, program)));
}

/** The outcomes, in the order of the tricks. What is told while it goes on comes by `onBatch`. */
export async function tryAll(
  families: readonly Family[],
  onBatch: (line: string) => void = () => {},
): Promise<Outcome[]> {
  const all = families.flatMap(({ tricks }) => tricks);
  const placed = all.filter((trick): trick is PlacedTrick => trick.door !== "shown");
  const shown = all.filter((trick): trick is ShownTrick => trick.door === "shown");
  const run = async (guarded: boolean) => {
    const batches = batchesOf(placed, guarded ? "with guard" : "without guard");
    const landed = new Set<PlacedTrick>();
    for (const batch of batches) {
      const begun = performance.now();
      for (const trick of await tryBatch(batch, guarded)) landed.add(trick);
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      const what = batch.length === 1 ? `"${batch[0]?.name}"` : `${batch.length} tricks`;
      onBatch(`${what} at the door "${batch[0]?.door}" ${guarded ? "with" : "without"} the guard: ${seconds} s`);
    }
    return landed;
  };
  // The two don't know of each other, so they run side by side: only the guarded one looks at this process's environment.
  const [withGuard, without, ofShown] = await Promise.all([run(true), run(false), showTricks(shown)]);
  return families.flatMap(({ name, tricks }) =>
    tricks.map((trick) => ({
      family: name,
      trick,
      guarded: trick.door === "shown" ? ofShown.guarded.has(trick) : withGuard.has(trick),
      unguarded: trick.door === "shown" ? ofShown.unguarded.has(trick) : without.has(trick),
    })),
  );
}

function batchesOf(tricks: readonly PlacedTrick[], run: "with guard" | "without guard"): PlacedTrick[][] {
  const isAlone = ({ alone }: PlacedTrick) => alone === "always" || alone === run;
  return [...Map.groupBy(tricks, ({ door }) => door)].flatMap(([door, ofDoor]) => {
    const together = ofDoor.filter((trick) => !isAlone(trick));
    const size = doors[door].batch;
    const count = Math.ceil(together.length / size);
    const groups = Array.from({ length: count }, (_, index) => together.slice(index * size, (index + 1) * size));
    return [...groups, ...ofDoor.filter(isAlone).map((trick) => [trick])];
  });
}

/** The tricks of the batch that landed. */
async function tryBatch(batch: readonly PlacedTrick[], guarded: boolean): Promise<PlacedTrick[]> {
  const door = doors[(batch[0] as PlacedTrick).door];
  const named = batch.map(nameTrick);
  await using world = await World.open();
  await door.open(world, guarded);
  world.prepare(named, door.setupFolder(world));
  const early = named.filter((one) => hasLanded(one, world));
  if (early.length > 0)
    throw new Error(`landed before they were tried: ${early.map(({ trick }) => trick.name).join(", ")}`);
  if (guarded) {
    using _ = processEnvironment(world.environment);
    await door.withGuard(named, world);
  } else {
    await door.withoutGuard(named, world);
  }
  const found = await landed(named, world, guarded ? 0 : CONTROL_WAIT_MS);
  return named.filter(({ id }) => found.has(id)).map(({ trick }) => trick);
}

/** Orch is started from the user's session, and looks at its own environment: for as long as it lasts, it is that one. */
function processEnvironment(environment: Readonly<Record<string, string>>): Disposable {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  return {
    [Symbol.dispose]() {
      for (const name of Object.keys(environment)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    },
  };
}
