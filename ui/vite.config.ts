/** Builds the dashboard's pages into `dist/ui`. What it makes runs under a Content-Security-Policy without "unsafe-…". */

import { join } from "node:path";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

/** For `npm run web:dev`: the dashboard that answers. Open `/api/login?token=…` through vite once. */
const target = process.env.DASHBOARD_URL ?? "http://127.0.0.1:4179";
const proxied = { target, changeOrigin: true, headers: { origin: target } };

export default defineConfig({
  root: import.meta.dirname,
  // A static `style` must not become an attribute of a template: the policy refuses it.
  plugins: [solid({ solid: { inlineStyles: false } as object })],
  server: { host: "127.0.0.1", proxy: { "/api": proxied, "/ws": { ...proxied, ws: true } } },
  build: {
    outDir: join(import.meta.dirname, "..", "dist", "ui"),
    emptyOutDir: true,
    // Fonts and scripts as `data:` are refused too.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    // The package carries these libraries and fonts within its pages: their licences go with them.
    license: { fileName: "licenses.md" },
  },
});
