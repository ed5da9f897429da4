/** Colours, or none: a terminal that wants them, and neither NO_COLOR nor a file. */

import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

export function choosePaint(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb" ? coloured : plain;
}
