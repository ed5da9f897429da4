/** Words of a model that steer a terminal, forge a line, or are taken for markup, wherever a person is shown them. */

import type { Family, ShownTrick } from "../trick.ts";

type Where = ShownTrick["where"];

const ESCAPE = "\u001b";
const BELL = "\u0007";

const shown = (name: string, where: Where, text: string, raw = text): ShownTrick => ({
  door: "shown",
  name: `${name} (${where})`,
  where,
  text,
  raw,
});
const everywhere = (name: string, text: string, raw = text): ShownTrick[] =>
  (["title", "summary", "instructions", "task", "says", "prints", "verify"] as const).map((where) =>
    shown(name, where, text, raw),
  );

export const terminal: Family = {
  name: "terminal and HTML injection",
  tricks: [
    ...everywhere("the window's title", `${ESCAPE}]0;{id}${BELL}`),
    ...everywhere("the same by a single control code", "\u009d0;{id}\u009c"),
    shown("a cleared screen", "title", `${ESCAPE}[2J{id}`),
    shown("a line that is overwritten", "title", "\r{id}"),
    shown("a word that is taken back", "title", `{id}\b\b\b`),
    shown("writing from right to left", "title", "\u202e{id}"),
    shown("a link that leads elsewhere", "summary", `${ESCAPE}]8;;http://{id}/${ESCAPE}\\`),
    shown("the clipboard", "summary", `${ESCAPE}]52;c;{id}${BELL}`),
    shown("an answer that the terminal types", "says", `${ESCAPE}[6n{id}`),
    shown("the alternate screen", "prints", `${ESCAPE}[?1049h{id}`),
    shown("a bell", "says", `{id}${BELL}`),
    shown("a NUL in the middle", "summary", "{id}\u0000x", "{id}\u0000"),
    shown("a forged line of the log", "says", "\n2030-01-01T00:00:00.000Z info  {id}"),
    shown("a forged line of the log", "title", "\n2030-01-01T00:00:00.000Z info  {id}"),
    shown("a forged trailer of the commit", "title", "x\n\nCo-authored-by: {id}", "\nCo-authored-by: {id}"),
    shown("markup as a name", "id", "<img src=x onerror=alert({id})>", "onerror=alert({id})"),
    shown("a folder above as a name", "id", "../../{id}", "../{id}"),
    shown("an option as a name", "id", "--upload-pack={id}", "--upload-pack={id}"),
  ],
};
