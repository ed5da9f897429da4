import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryLog } from "./entry-log.ts";
import { entry } from "./history.fixture.ts";

const full = entry(2, {
  actorId: "job/alarm",
  event: "xstate.done.actor.codex",
  state: { verifying: "running" },
  effects: [{ type: "timer", id: "t", src: null, delayMs: 500 }],
  error: { message: "no", code: "bad" },
});

test("an entry comes back as it was put in", () => {
  const log = new EntryLog();
  log.append([entry(1), full, entry(3)]);
  expect([log.get(1), log.get(2), log.get(3)]).toEqual([entry(1), full, entry(3)]);
  expect([log.get(0), log.get(4)]).toEqual([undefined, undefined]);
});

test("entries that are held already are left out", () => {
  const log = new EntryLog();
  log.append([entry(1), entry(2)]);
  expect(log.append([entry(2), entry(3)])).toBe(true);
  expect([...log.since(0)].map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("nothing is taken when an entry between is missing, also at the beginning", () => {
  const log = new EntryLog();
  expect(log.append([entry(2)])).toBe(false);
  log.append([entry(1)]);
  expect(log.append([entry(3)])).toBe(false);
  expect(log.append([entry(2), entry(4)])).toBe(false);
  expect(log.last).toBe(1);
});

test("the entry at a time is the last one committed by then", () => {
  const log = new EntryLog();
  log.append([entry(1), entry(2), entry(3, { at: 2000 }), entry(4)]);
  expect([999, 1000, 1999, 2000, 3999, 9000].map((time) => log.seqAt(time))).toEqual([undefined, 1, 1, 3, 3, 4]);
});

test("a log of 100,000 entries holds each of them", () => {
  const log = new EntryLog();
  for (let seq = 1; seq <= 100_000; seq += 500)
    log.append(
      Array.from({ length: 500 }, (_, index) => entry(seq + index, { actorId: `job/${(seq + index) % 300}` })),
    );
  expect(log.last).toBe(100_000);
  expect(log.get(77_777)).toEqual(entry(77_777, { actorId: `job/${77_777 % 300}` }));
});

test("however the stream is cut, portioned and repeated, what is held is what the database has", () => {
  const database = Array.from({ length: 200 }, (_, index) => entry(index + 1, { state: `s${index % 7}` }));
  const stretch = fc.record({ back: fc.nat(5), length: fc.nat(40), isCut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 100 }), (stretches) => {
      const log = new EntryLog();
      for (const { back, length, isCut } of stretches) {
        // A connection that was cut may have lost what was on its way: the next one begins at the last that is held.
        if (isCut) continue;
        const from = Math.max(0, log.last - back);
        expect(log.append(database.slice(from, from + length))).toBe(true);
      }
      log.append(database.slice(log.last));
      expect([...log.since(0)]).toEqual(database);
    }),
  );
});
