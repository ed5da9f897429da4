/** How wide a text will be, without a page to measure it on: layouts are made before anything is drawn, and in tests. */

/** Widths in 1/100 em of the interface's font, a little generous, so that nothing is cut. */
const NARROW = "fijlrtI.,:;'|![](){} ";
const WIDE = "mwMW@%";

/** In pixels. Names of states, services and guards are in mixed case, so classes of letters are enough. */
export function textWidth(text: string, size: number, font: "sans" | "mono" = "sans"): number {
  if (font === "mono") return Math.ceil(text.length * size * 0.61);
  let hundredths = 0;
  for (const letter of text) {
    if (NARROW.includes(letter)) hundredths += 34;
    else if (WIDE.includes(letter)) hundredths += 90;
    else if (letter > "\u2e80") hundredths += 100;
    else if (letter >= "A" && letter <= "Z") hundredths += 69;
    else hundredths += 58;
  }
  return Math.ceil((hundredths * size) / 100);
}

/** At most `longest` letters, the end replaced by an ellipsis. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
