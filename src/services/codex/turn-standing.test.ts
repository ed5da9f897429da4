/** What an attempt makes of what an earlier one left, case by case, without a Codex: a record and an output are all it has. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { until } from "../process.testkit.ts";
import { startDetached } from "../process.ts";
import { identifyProcess, type ProcessIdentity, readStat } from "../process-identity.ts";
import { endProcessTree } from "../process-tree.ts";
import { createRunCodexTurn } from "./run-codex-turn.ts";
import { makeContext, makeWorkshop, scriptedModel, subtask, type Workshop } from "./turn.testkit.ts";
import { makeTurn, type Turn } from "./turn.ts";
import { createRun, writeRunProcess } from "./turn-folder.ts";
import { turnStanding } from "./turn-standing.ts";

const THREAD = "01998f2a-89ab-7def-8123-456789abcdef";
const begun = `{"type":"thread.started","thread_id":"${THREAD}"}\n{"type":"turn.started"}\n`;
const answered = `${begun}{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"Done."}}\n`;
const completed = '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await makeWorkshop();
});
afterAll(() => workshop[Symbol.asyncDispose]());

function makeOne(): Turn {
  rmSync(workshop.turnFolder, { recursive: true, force: true });
  return makeTurn(workshop.settings("http://127.0.0.1:9"), systemClock, workshop.input(subtask), makeContext());
}

/** A turn that an earlier attempt began; `events`: what its process printed; null: not even the file is there. */
async function left(
  events: string | null,
  record: { readonly identity?: Partial<ProcessIdentity>; readonly host?: string } | null = null,
): Promise<Turn> {
  const turn = makeOne();
  const run = createRun(turn.folder, 1, "Do it.");
  if (events !== null) writeFileSync(run.events, events);
  if (record) {
    const self = (await identifyProcess(process.pid)) as ProcessIdentity;
    const { host = hostname(), identity } = record;
    writeRunProcess(run, { identity: { ...self, ...identity }, host, startedAt: 1 });
  }
  return turn;
}

const diedUnanswered = { kind: "died", lastRun: 1, threadId: null, answered: false };
const diedAnswered = { kind: "died", lastRun: 1, threadId: THREAD, answered: true };

test("a turn without a folder never started", async () => {
  expect(await turnStanding(makeOne())).toEqual({ kind: "never-started" });
});

test("a process is running only if it is that very process: not its pid's next owner, not one of an earlier boot", async () => {
  expect(await turnStanding(await left(begun, {}))).toMatchObject({ kind: "running", startedAt: 1 });
  expect(await turnStanding(await left(answered, { identity: { startTime: "1" } }))).toEqual(diedAnswered);
  expect(await turnStanding(await left(answered, { identity: { bootId: "before the reboot" } }))).toEqual(diedAnswered);
  expect(await turnStanding(await left(answered + completed, { identity: { bootId: "before" } }))).toMatchObject({
    kind: "finished",
    state: { message: "Done." },
  });
});

test("without a record and without a process, its output tells whether it came to anything", async () => {
  expect(await turnStanding(await left(null))).toEqual(diedUnanswered);
  expect(await turnStanding(await left(""))).toEqual(diedUnanswered);
  expect(await turnStanding(await left(begun))).toEqual({ ...diedUnanswered, threadId: THREAD });
  expect(await turnStanding(await left(`${answered}${completed}\n`))).toMatchObject({ kind: "finished" });
});

test("a record that was cut off is no record", async () => {
  const turn = await left(answered);
  writeFileSync(`${turn.folder}/1/process.json`, '{"identity":{"pid":1');
  expect(await turnStanding(turn)).toEqual(diedAnswered);
});

test("an unfinished last line says nothing, a whole one without its newline does", async () => {
  for (const end of [1, 20, completed.length - 1]) {
    expect(await turnStanding(await left(answered + completed.slice(0, end)))).toEqual(diedAnswered);
  }
  expect(await turnStanding(await left(answered + completed))).toMatchObject({ kind: "finished" });
  expect(await turnStanding(await left(`${answered}not JSON\n${completed}\n`))).toMatchObject({ kind: "finished" });
});

test("a process of another machine is not guessed about: its output counts, or a person is asked", async () => {
  const there = { host: "another-machine", identity: { pid: 4711 } };
  expect(await turnStanding(await left(`${answered}${completed}\n`, there))).toMatchObject({ kind: "finished" });
  await left(answered, there);
  const attempt = createRunCodexTurn(workshop.settings("http://127.0.0.1:9"))(workshop.input(subtask), makeContext());
  await expect(attempt).rejects.toMatchObject({
    code: "codex-turn-elsewhere",
    retryable: true,
    message: expect.stringContaining("another-machine"),
  });
});

test("a run that was prepared and never started leaves what the runs before it said", async () => {
  const turn = await left(answered, { identity: { startTime: "1" } });
  createRun(turn.folder, 2, "Go on.");
  expect(await turnStanding(turn)).toEqual({ ...diedAnswered, lastRun: 2 });
});

/** Something that carries the turn's mark and goes on for long. */
async function startMarked(turn: Turn, script = "exec sleep 620"): Promise<number> {
  mkdirSync(`${turn.folder}/1`, { recursive: true });
  const { pid } = await startDetached({
    command: "sh",
    args: ["-c", script],
    cwd: workshop.worktree,
    env: { PATH: process.env.PATH as string, [turn.mark.name]: turn.mark.value },
    stdoutFile: `${turn.folder}/1/events.jsonl`,
    stderrFile: `${turn.folder}/1/stderr.log`,
  });
  onTestFinished(() => endProcessTree(undefined, turn.mark));
  return pid;
}

test.runIf(process.platform === "linux")("one that was stopped by a signal is adopted, and goes on", async () => {
  const turn = makeOne();
  const said = `${answered}${completed}`.trimEnd().replaceAll("'", "");
  const pid = await startMarked(turn, `sleep 0.3; kill -STOP $$; printf '%s\\n' '${said}'`);
  await until("it has stopped", () => readStat(pid)?.isStopped === true);
  expect(await turnStanding(turn)).toMatchObject({ kind: "running", identity: { pid } });

  const context = makeContext({ attempt: 2 });
  const output = await createRunCodexTurn(workshop.settings("http://127.0.0.1:9"))(workshop.input(subtask), context);
  expect(output).toEqual({ threadId: THREAD, message: "Done." });
});

test("what runs of a turn whose folder somebody removed is ended before another one starts", async () => {
  await using model = await scriptedModel("- say: Done.");
  const turn = makeOne();
  const pid = await startMarked(turn);
  rmSync(turn.folder, { recursive: true });
  const output = await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());
  expect(output.message).toBe("Done.");
  expect(await identifyProcess(pid)).toBeUndefined();
});
