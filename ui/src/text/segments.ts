/** Cuts a text where the layers of marks on it begin and end: syntax colours, changed words, search hits. */

export interface Mark {
  /** Index of the first character, and the one behind the last, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly className: string;
}

export interface Segment {
  readonly text: string;
  /** The classes of every mark that covers it, a space between; empty for none. */
  readonly className: string;
}

/** The marks of one layer are in order and don't overlap; layers may. What stands outside the text is left out. */
export function segmentsOf(text: string, layers: readonly (readonly Mark[])[]): Segment[] {
  const cuts = new Set([0, text.length]);
  for (const layer of layers)
    for (const { start, end } of layer) {
      if (start < text.length) cuts.add(Math.max(0, start));
      if (end < text.length) cuts.add(Math.max(0, end));
    }
  const places = [...cuts].sort((a, b) => a - b);
  const at = layers.map(() => 0);
  const segments: Segment[] = [];
  for (let index = 0; index + 1 < places.length; index += 1) {
    const from = places[index] as number;
    const classes: string[] = [];
    layers.forEach((layer, number) => {
      while ((layer[at[number] as number]?.end ?? Number.POSITIVE_INFINITY) <= from) (at[number] as number)++;
      const mark = layer[at[number] as number];
      if (mark && mark.start <= from && mark.className) classes.push(mark.className);
    });
    segments.push({ text: text.slice(from, places[index + 1]), className: classes.join(" ") });
  }
  return segments;
}
