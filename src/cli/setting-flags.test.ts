import { parseArgs } from "citty";
import { expect, test } from "vitest";
import { SETTINGS, type Setting } from "../config/settings.ts";
import { settingFlags, settingValues } from "./setting-flags.ts";

test("every setting that has a flag can be set by it, and by each of its other names", () => {
  const flags = settingFlags();
  for (const [name, setting] of Object.entries(SETTINGS as Record<string, Setting>)) {
    if (setting.flag === undefined) continue;
    const isOnOff = flags[setting.flag]?.type === "boolean";
    for (const flag of [setting.flag, ...(setting.aliases ?? [])]) {
      const args = parseArgs(isOnOff ? [`--${flag}`] : [`--${flag}`, "7"], flags);
      expect(settingValues(args), flag).toEqual({ [name]: isOnOff ? true : "7" });
    }
  }
});

test("a setting is on or off, or has a value, as its schema says", () => {
  expect(settingFlags()).toMatchObject({
    "push-result": { type: "boolean" },
    "approve-plan": { type: "boolean" },
    concurrency: { type: "string" },
    repo: { type: "string", alias: ["repo-root", "project-root"] },
  });
});

test("what is not given is not set, so that the environment and the file count", () => {
  expect(settingValues(parseArgs([], settingFlags()))).toEqual({});
});

test("a setting that is on in a file can be turned off", () => {
  expect(settingValues(parseArgs(["--no-approve-plan"], settingFlags()))).toEqual({ approvePlan: false });
});

test("each flag says what it is for", () => {
  for (const [flag, { description }] of Object.entries(settingFlags())) expect(description, flag).toMatch(/\w{3}/);
});
