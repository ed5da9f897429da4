/** Which lines two texts have in common, in order (Myers, "An O(ND) difference algorithm"). */

/** Differences beyond that are not searched for: the texts then have their beginning and their end in common. */
const MOST_DIFFERENCES = 3000;

/** Pairs of indices of equal lines, rising on both sides. */
export function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [
    ...Array.from({ length: head }, (_, index): [number, number] => [index, index]),
    ...middle.map(([i, j]): [number, number] => [i + head, j + head]),
    ...Array.from({ length: tail }, (_, index): [number, number] => [a.length - tail + index, b.length - tail + index]),
  ];
}

function between(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length === 0 || b.length === 0) return [];
  const most = Math.min(a.length + b.length, MOST_DIFFERENCES);
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(furthest.slice(most - d, most + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const place = most + k + 1;
      const down = k === -d || (k !== d && (furthest[place - 1] as number) < (furthest[place + 1] as number));
      let x = down ? (furthest[place + 1] as number) : (furthest[place - 1] as number) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      furthest[place] = x;
      if (x >= a.length && y >= b.length) return back(trace, a.length, b.length, d);
    }
  }
  return [];
}

/** From the end to the beginning, along the way that was found. */
function back(trace: readonly Int32Array[], width: number, height: number, last: number): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [width, height];
  for (let d = last; d >= 0; d -= 1) {
    // What was kept of step d begins at diagonal -d - 1.
    const at = (k: number) => (trace[d] as Int32Array)[k + d + 1] ?? 0;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : down ? at(k + 1) : at(k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    const [startX, startY] = d === 0 ? [0, 0] : down ? [fromX, fromY + 1] : [fromX + 1, fromY];
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return pairs.reverse();
}
