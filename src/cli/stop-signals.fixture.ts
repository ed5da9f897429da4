/** A program that does not stop by itself, for the test of its signals. */

import { StopSignals } from "./stop-signals.ts";

new StopSignals(
  () => console.log("stop"),
  () => console.log("kill"),
);
setInterval(() => {}, 1000);
console.log("ready");
