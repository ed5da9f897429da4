/** Text of a log as it leaves the server: colours stay, whatever else could steer a terminal or hide something does not. */

/** Colours and weights only: `ESC [ numbers m`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is looked for
const COLOUR = /\u001b\[[\d;:]*m/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_]?)/y;
const HIDDEN = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

export function shownText(text: string, longest: number): string {
  const plain = text.includes("\u001b") ? withoutSequences(text) : clean(text);
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}

function withoutSequences(text: string): string {
  let shown = "";
  let at = 0;
  for (let found = text.indexOf("\u001b"); found !== -1; found = text.indexOf("\u001b", at)) {
    shown += clean(text.slice(at, found));
    COLOUR.lastIndex = found;
    SEQUENCE.lastIndex = found;
    const colour = COLOUR.exec(text)?.[0];
    shown += colour ?? "";
    at = found + (colour ?? SEQUENCE.exec(text)?.[0] ?? "\u001b").length;
  }
  return shown + clean(text.slice(at));
}

function clean(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(HIDDEN, "").toWellFormed();
}
