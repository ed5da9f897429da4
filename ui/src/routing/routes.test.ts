import { expect, test } from "vitest";
import { jobAddress, parseRoute } from "./routes.ts";

test("each address leads to its page, and back", () => {
  expect(parseRoute("/")).toEqual({ page: "jobs" });
  expect(parseRoute(jobAddress("a b/c", "diff"))).toEqual({ page: "job", id: "a b/c", tab: "diff" });
  expect(parseRoute(`${jobAddress("x")}?subtask=y`)).toEqual({ page: "job", id: "x", tab: "overview" });
});

test("any other address is nowhere", () => {
  for (const path of ["/x", "/jobs/a/else", "/jobs/a/diff/more", "/jobs/%"])
    expect(parseRoute(path)).toEqual({ page: "nowhere" });
});
