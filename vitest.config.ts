import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "workflows/**/*.test.ts", "ui/**/*.test.ts", "test/**/*.test.ts"],
    // Tests start real programs on a machine that may have two cores: they are given time, and are told apart from a hang.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
});
