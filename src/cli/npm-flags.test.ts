import type { ArgsDef } from "citty";
import { expect, test } from "vitest";
import { refuseTakenFlags } from "./npm-flags.ts";

const args = {
  repo: { type: "string", alias: ["repo-root"] },
  "push-result": { type: "boolean" },
  json: { type: "boolean" },
} as const satisfies ArgsDef;

test("a flag that npm took for itself is told with how to write it, in whatever script of ours", () => {
  const taken = { npm_config_repo_root: "true", npm_config_push_result: "true", npm_config_fund: "" };
  for (const script of ["orchestrator", "dev", "dispatcher", "dashboard", "orch"]) {
    expect(() => refuseTakenFlags({ npm_lifecycle_event: script, ...taken }, args)).toThrow(
      expect.objectContaining({
        message: "npm took --repo-root, --push-result for itself",
        hint: `put "--" before the flags: npm run ${script} -- --repo-root … --push-result …`,
      }),
    );
  }
});

test("npm's own flags that are ours, too, are told: nobody finds out later that it was no JSON, or no dry run", () => {
  expect(() => refuseTakenFlags({ npm_lifecycle_event: "orchestrator", npm_config_json: "true" }, args)).toThrow(
    "npm took --json",
  );
});

test("what npm sets without being asked, and other scripts, are let be", () => {
  refuseTakenFlags({ npm_lifecycle_event: "orchestrator", npm_config_repo: "", npm_config_yes: "true" }, args);
  refuseTakenFlags({ npm_lifecycle_event: "test", npm_config_json: "true" }, args);
  refuseTakenFlags({ npm_config_json: "true" }, args);
});
