/** Starts the pages. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/state.css";
import "./design/input.css";

// biome-ignore lint/style/noRestrictedImports: the one place that puts the pages into the document
import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { listenToKeys } from "./shell/shortcuts.ts";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
listenToKeys();
render(() => <App />, document.getElementById("app") as HTMLElement);
