/** Characters that a reader would not see, or that change how others are shown: they are named instead. */

export interface Piece {
  readonly text: string;
  /** What the character is, in words; null for plain text. */
  readonly name: string | null;
}

// Tab and line feed are plain. Controls, formats (bidi, zero-width, tags), lone surrogates, and letters that show nothing.
const UNUSUAL = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/gu;
/** Most lines are made of these only. */
const PLAIN = /^[\t\n\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]*$/;

const NAMES: Readonly<Record<number, string>> = {
  0: "null",
  8: "backspace",
  13: "carriage return",
  27: "escape",
  127: "delete",
  173: "soft hyphen",
  8203: "zero-width space",
  8204: "zero-width non-joiner",
  8205: "zero-width joiner",
  8206: "left-to-right mark",
  8207: "right-to-left mark",
  8232: "line separator",
  8233: "paragraph separator",
  8234: "left-to-right embedding",
  8235: "right-to-left embedding",
  8236: "pop directional formatting",
  8237: "left-to-right override",
  8238: "right-to-left override",
  8288: "word joiner",
  8294: "left-to-right isolate",
  8295: "right-to-left isolate",
  8296: "first strong isolate",
  8297: "pop directional isolate",
  65279: "byte order mark",
};

const CONTROLS =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

/** The text in pieces: plain ones, and one for each unusual character, as a visible sign (`ESC`, `U+202E`). */
export function piecesOf(text: string): Piece[] {
  if (PLAIN.test(text)) return [{ text, name: null }];
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(UNUSUAL)) {
    if (joinsEmoji(text, match.index)) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index), name: null });
    pieces.push(signOf(match[0].codePointAt(0) ?? 0));
    done = match.index + match[0].length;
  }
  if (done < text.length || pieces.length === 0) pieces.push({ text: text.slice(done), name: null });
  return pieces;
}

/** The text with each unusual character as its sign: for places that hold no elements, such as a title. */
export const visibleText = (text: string): string =>
  piecesOf(text)
    .map(({ text: piece }) => piece)
    .join("");

function signOf(code: number): Piece {
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const known = NAMES[code];
  const name = known ? `${hex} ${known}` : `${hex}, a character that is not seen`;
  // By letters: few fonts have the pictures (`␛`) of these.
  if (code < 0x20) return { text: CONTROLS[code] ?? hex, name };
  if (code === 0x7f) return { text: "DEL", name };
  return { text: hex, name };
}

/** A zero-width joiner between two pictographs makes one picture of them: that is its everyday use. */
function joinsEmoji(text: string, index: number): boolean {
  if (text.charCodeAt(index) !== 0x200d) return false;
  const before = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})\ufe0f?$/u.test(
    text.slice(Math.max(0, index - 3), index),
  );
  return before && /^\p{Extended_Pictographic}/u.test(text.slice(index + 1, index + 3));
}
