import { expect, test } from "vitest";
import { passedEnvironment } from "./environment.ts";

test("what programs need passes; keys, tokens and everything that isn't on the list do not", () => {
  const source = {
    PATH: "/bin",
    HOME: "/home/user",
    LC_TIME: "de_DE.UTF-8",
    https_proxy: "http://proxy",
    OPENAI_API_KEY: "sk",
    GITHUB_TOKEN: "ghp",
    NODE_OPTIONS: "--require ./evil.js",
    GIT_DIR: "/elsewhere",
    LD_PRELOAD: "/evil.so",
    BASH_ENV: "/evil.sh",
    TERM: undefined,
  };

  expect(passedEnvironment(source, { EXTRA: "1" })).toEqual({
    PATH: "/bin",
    HOME: "/home/user",
    LC_TIME: "de_DE.UTF-8",
    https_proxy: "http://proxy",
    EXTRA: "1",
  });
});
