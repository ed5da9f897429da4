import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Tests start real programs on a machine that may have two cores: they are given time, and are told apart from a hang.
const common = { testTimeout: 60_000, hookTimeout: 60_000, pool: "forks" } as const;
const browserTests = "test/ui/**/*.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: "orch",
          include: ["src/**/*.test.ts", "workflows/**/*.test.ts", "ui/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [browserTests, "**/node_modules/**"],
          // Many wait for processes more than they work: one core is not to stand idle meanwhile.
          maxWorkers: availableParallelism() + 1,
        },
      },
      {
        test: {
          ...common,
          name: "browser",
          include: [browserTests],
          globalSetup: "test/ui/support/global-setup.ts",
          testTimeout: 300_000,
          hookTimeout: 120_000,
          // They wait more than they work: two at a time, after the others.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
