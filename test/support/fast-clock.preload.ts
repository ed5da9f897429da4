/**
 * Loaded into a real `orch` before anything else: its clock runs faster, so that a lease of half a minute runs out while a
 * test waits. All processes of a test agree on the time.
 */

import { systemClock } from "../../src/core/clock.ts";

/** The fast clock shows the right time at this moment, in milliseconds since the epoch. */
const zero = Number(process.env.ORCH_TEST_CLOCK_ZERO);
const FACTOR = 20;

const { setTimer } = systemClock;
Object.assign(systemClock, {
  now: () => Math.round(zero + (Date.now() - zero) * FACTOR),
  setTimer: (callback: () => void, delayMs: number) => setTimer(callback, delayMs / FACTOR),
});

// What orch starts has nothing to do with it.
delete process.env.NODE_OPTIONS;
delete process.env.ORCH_TEST_CLOCK_ZERO;
