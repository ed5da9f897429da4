/** The flags that set settings, made from the table of settings: a flag cannot be forgotten or say something else. */

import type { ArgsDef } from "citty";
import { SETTINGS, type Setting, type SettingName } from "../config/settings.ts";

type FlagValues = Readonly<Record<string, unknown>>;

/** What citty needs to know of each setting's flag; of these settings only, or of all. */
export function settingFlags(only?: readonly SettingName[]): ArgsDef {
  return Object.fromEntries(
    withFlag(only).map(([, { flag, aliases = [], description, ...setting }]) => [
      flag,
      { type: isOnOff(setting) ? "boolean" : "string", alias: [...aliases], description } as const,
    ]),
  );
}

/** The values of those flags that were given, by setting's name. */
export function settingValues(args: FlagValues): Partial<Record<SettingName, unknown>> {
  return Object.fromEntries(
    withFlag().flatMap(([name, { flag }]) => (args[flag] === undefined ? [] : [[name, args[flag]]])),
  );
}

function withFlag(only?: readonly SettingName[]): [SettingName, Setting & { readonly flag: string }][] {
  return Object.entries(SETTINGS as Record<string, Setting>).flatMap(([name, setting]) => {
    const isMeant = !only || only.includes(name as SettingName);
    return setting.flag !== undefined && isMeant ? [[name as SettingName, { ...setting, flag: setting.flag }]] : [];
  });
}

/** A setting that keeps `true` as it is; a number would become 1. */
function isOnOff({ schema }: Pick<Setting, "schema">): boolean {
  return schema.safeParse(true).data === true;
}
