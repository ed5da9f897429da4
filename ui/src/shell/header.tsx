/** What stands above every page: the name, where one is, how the connection is, light or dark, the keys. */

import { type JSX, Show } from "solid-js";
import { IconButton } from "../design/button.tsx";
import { Menu } from "../design/menu.tsx";
import { Link } from "../routing/link.tsx";
import { ConnectionSign } from "./connection-sign.tsx";
import styles from "./header.module.css";
import { setTheme, THEMES, theme } from "./theme.ts";

const THEME_ICONS = { system: "system", light: "sun", dark: "moon" } as const;
const THEME_NAMES = { system: "As the system", light: "Light", dark: "Dark" } as const;

export function Header(props: { place?: JSX.Element; openHelp: () => void }) {
  return (
    <header class={styles.header}>
      <div class={styles.inside}>
        <Link to="/" class={styles.brand} aria-label="orch, all jobs">
          <Mark />
          <span class={styles.name}>orch</span>
        </Link>
        <Show when={props.place}>
          <span class={styles.slash} aria-hidden="true">
            /
          </span>
          <div class={styles.place}>{props.place}</div>
        </Show>
        <div class={styles.end}>
          <ConnectionSign />
          <Menu
            label="Appearance"
            align="end"
            items={THEMES.map((name) => ({
              label: THEME_NAMES[name],
              icon: THEME_ICONS[name],
              get isChecked() {
                return theme() === name;
              },
              act: () => setTheme(name),
            }))}
            trigger={(trigger) => <IconButton {...trigger} icon={THEME_ICONS[theme()]} label="Appearance" />}
          />
          <IconButton
            icon="keyboard"
            label="Keyboard shortcuts"
            class={styles.keyboard}
            onClick={() => props.openHelp()}
          />
        </div>
      </div>
    </header>
  );
}

/** One line that becomes three. */
function Mark() {
  return (
    <svg class={styles.mark} width="22" height="22" viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <g stroke="currentColor" stroke-width="2.8" stroke-linecap="round">
        <path d="M4 16h6c6 0 5-8.5 11-8.5" />
        <path d="M4 16h17" />
        <path d="M4 16h6c6 0 5 8.5 11 8.5" />
      </g>
      <g fill="currentColor">
        <circle cx="25" cy="7.5" r="3.3" />
        <circle cx="25" cy="16" r="3.3" />
        <circle cx="25" cy="24.5" r="3.3" />
      </g>
    </svg>
  );
}
