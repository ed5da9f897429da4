/** The settings of a command, and from then on silence about its secrets. */

import { type Config, loadConfig } from "../config/load-config.ts";
import type { SettingName } from "../config/settings.ts";
import type { Session } from "./session.ts";

export function loadSettings(session: Session, flags: Readonly<Partial<Record<SettingName, unknown>>>): Config {
  const { environment, directory } = session;
  const config = loadConfig({ flags, environment, directory });
  session.keepSecret(config.apiKey, config.telegramToken);
  return config;
}
