/** Files that are no workflow, and machines that cannot run durably: each is refused with its place, and what to write instead. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";

const HEAD = `// @ts-nocheck
import { activity, codingActivity, childWorkflow, defineWorkflow } from "@orch/orch";
import { assign, createMachine, fromCallback, fromPromise, raise, sendTo, setup, spawnChild } from "xstate";
const make = (machine: any, more: any = {}) => defineWorkflow({ name: "mine", version: 1, machine, ...more });
`;

interface Refusal {
  /** Contents of the file, after what it imports. */
  readonly code: string;
  /** What was wrong and where, and what to write instead. */
  readonly says: readonly string[];
}

const REFUSED: Readonly<Record<string, Refusal>> = {
  "inline logic": {
    code: 'export default make(createMachine({ id: "m", initial: "a", states: { a: { invoke: { src: fromPromise(async () => 1) } } } }));',
    says: ['state "m.a" invokes inline logic', "declare it by activity() or childWorkflow()"],
  },
  "a callback actor": {
    code: 'export default make(setup({ actors: { tick: fromCallback(() => {}) } }).createMachine({ id: "m", invoke: { src: "tick" } }), { activities: { tick: { run: async () => null } } });',
    says: ['the actor "tick" has logic of its own', "register what it does"],
  },
  "an activity that nobody registered": {
    code: 'export default make(setup({ actors: { mail: activity() } }).createMachine({ id: "m", invoke: { src: "mail" } }));',
    says: ['nothing is registered under the actor name "mail"', "register an activity or a workflow of that name"],
  },
  "an unnamed action": {
    code: 'export default make(createMachine({ id: "m", initial: "a", states: { a: { entry: () => console.log("hi") } } }));',
    says: ['state "m.a" has an inline action', "use assign(), raise(), sendTo() or spawnChild()"],
  },
  "a named action with code of its own": {
    code: 'export default make(setup({ actions: { print: () => console.log("hi") } }).createMachine({ entry: "print" }));',
    says: ['the action "print" runs code of its own', "an activity that a state invokes"],
  },
  "a guard that is not pure": {
    code: 'export default make(setup({ guards: { late: () => Date.now() > 5 } }).createMachine({ id: "m", always: { guard: "late" } }));',
    says: ['the guard "late" asks for the time', "let it look at the context and the event only"],
  },
  "an assign that is not pure": {
    code: 'export default make(createMachine({ id: "m", entry: assign({ id: () => Math.random() }) }));',
    says: ['state "m": an assign() asks for a random value', "keep its answer by assign()"],
  },
  "a delayed event to another": {
    code: 'export default make(createMachine({ id: "m", entry: sendTo(({ self }) => self, { type: "x" }, { delay: 10 }) }));',
    says: ['state "m" sends with a delay', "let the machine that receives it raise()"],
  },
  "a child without an id": {
    code: 'export default make(setup({ actors: { a: activity() }, actions: { go: spawnChild("a", {}) } }).createMachine({ entry: "go" }), { activities: { a: { run: async () => null } } });',
    says: ['the action "go" starts "a" without an id', "give spawnChild() an id"],
  },
  "a name of orch's": {
    code: 'export default make(createMachine({}), { name: "coding-job" });',
    says: ['"coding-job" is the name of a workflow of orch', "choose another name"],
  },
  "an activity's name of orch's": {
    code: "export default make(createMachine({}), { activities: { planTask: { run: async () => null } } });",
    says: ['"planTask" is the name of an activity of orch'],
  },
  "a name that cannot be": {
    code: 'export default make(createMachine({}), { name: "My Flow", version: 0 });',
    says: [
      "its name must be lower-case letters, digits and hyphens",
      "its version must be a whole number from 1, not 0",
    ],
  },
  "no default export": {
    code: "export const mine = 1;",
    says: ["exports no workflow", "export default defineWorkflow"],
  },
  "a bare machine": {
    code: "export default createMachine({});",
    says: ["exports a machine that has no name and version", "wrap it"],
  },
  "something else": { code: "export default 42;", says: ["has a default export that is no workflow"] },
  "broken syntax": { code: "export default {;", says: ["cannot be loaded"] },
  "TypeScript that Node cannot strip": { code: "export enum Colour { Red }", says: ["cannot be loaded", "enum"] },
  "a throw of its own": { code: 'throw new Error("no luck today");', says: ["cannot be loaded: no luck today"] },
  "an import that is not there": { code: 'import "./gone.ts";', says: ["cannot be loaded", "gone.ts"] },
  "an import from where agents write": {
    code: 'import "../other/.codex/jobs/x/worktrees/y/helper.ts";',
    says: ["lies in the folder of a job, where agents write"],
  },
};

interface Said {
  readonly isOrchError?: boolean;
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}

const base = mkdtempSync(join(tmpdir(), "orch-own-"));
const folder = join(base, "mine");
const canary = join(base, "canary");
const planted = join(base, "other", ".codex", "jobs", "x", "worktrees", "y", "helper.ts");
afterAll(() => rmSync(base, { recursive: true, force: true }));

mkdirSync(folder);
mkdirSync(dirname(planted), { recursive: true });
writeFileSync(
  planted,
  `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(canary)}, "ran");\nexport default 1;\n`,
);
symlinkSync(planted, join(folder, "link.ts"));
writeFileSync(join(folder, "notes.txt"), "no program");
const names = Object.keys(REFUSED);
const files = names.map((name, index) => {
  const file = join(folder, `flow-${index}.ts`);
  writeFileSync(file, `${HEAD}${REFUSED[name]?.code}\n`);
  return file;
});
const PLACES: readonly (readonly [file: string, says: string])[] = [
  [join(folder, "nowhere.ts"), "there is no workflow file"],
  [folder, "there is no workflow file"],
  [join(folder, "notes.txt"), "is no workflow file"],
  [planted, "where agents write"],
  [join(folder, "link.ts"), "where agents write"],
];
writeFileSync(join(folder, "good.ts"), `${HEAD}export default make(createMachine({}));\n`);

// One process for all of them: vitest's own import is not Node's.
const said = ((): readonly Said[] => {
  const program = join(import.meta.dirname, "refusals.fixture.ts");
  const all = [...files, ...PLACES.map(([file]) => file), join(folder, "good.ts")];
  const out = execFileSync(process.execPath, [program, ...all], { encoding: "utf8" });
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Said);
})();

test.each(names.map((name, index) => [name, index] as const))("promise 12: %s is refused", (name, index) => {
  const { message = "", hint = "", ...error } = said[index] as Said;
  expect(error).toMatchObject({ isOrchError: true, name: "UsageError" });
  for (const part of REFUSED[name]?.says ?? []) expect(`${message}; ${hint}`).toContain(part);
  expect(message).toContain(files[index]);
  expect(hint).not.toBe("");
});

test.each(PLACES.map(([file, says], index) => [file.slice(base.length), says, index] as const))(
  "no program is run from %s: %s",
  (_file, says, index) => {
    const error = said[files.length + index];
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(says) });
  },
);

test("nothing of what agents may have written was run, and what is in order is taken", () => {
  expect(existsSync(canary)).toBe(false);
  expect(said.at(-1)).toEqual({ name: "none" });
});
