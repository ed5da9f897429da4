/** Text as it is, with its marks as classes; characters that nobody would see are named. Never HTML. */

import type { JSX } from "solid-js";
import { type Mark, segmentsOf } from "./segments.ts";
import "./line-text.css";
import { piecesOf } from "./unusual.ts";

/** Characters of a line that are shown at first. */
const MOST_CHARACTERS = 5000;

/** @param props.most characters that are shown; the rest is counted */
export function LineText(props: { text: string; layers?: readonly (readonly Mark[])[]; most?: number }) {
  const shown = () => props.text.slice(0, props.most ?? MOST_CHARACTERS);
  const rest = () => props.text.length - shown().length;
  return (
    <>
      {segmentsOf(shown(), props.layers ?? []).map(({ text, className }) =>
        className ? <span class={className}>{pieces(text)}</span> : pieces(text),
      )}
      {rest() > 0 ? <span class="text-rest">… and {rest().toLocaleString("en-US")} more characters</span> : null}
    </>
  );
}

function pieces(text: string): JSX.Element {
  const found = piecesOf(text);
  const [only] = found;
  if (found.length === 1 && only?.name === null) return only.text;
  return found.map(({ text: sign, name }) =>
    name === null ? (
      sign
    ) : (
      <span class="text-unusual" title={name}>
        {sign}
      </span>
    ),
  );
}
