import assert from "node:assert/strict";
import { test } from "node:test";
import { averageOf } from "../src/index.js";

test("averages the readings", () => {
  assert.equal(averageOf([20, 22, 24]), 22);
});
