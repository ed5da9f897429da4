/** A file's patch, from its first `@@` line on, as hunks of lines with their numbers. */

export interface PatchLine {
  readonly kind: "same" | "del" | "add";
  /** 1-based number in the file before; null for an added line. */
  readonly old: number | null;
  /** 1-based number in the file after; null for a removed line. */
  readonly new: number | null;
  readonly text: string;
  /** It is the last of its file, and no newline stands behind it. */
  readonly lacksNewline: boolean;
}

export interface Hunk {
  /** Number of the first line on each side, or of the line before where a side has none. */
  readonly oldStart: number;
  readonly newStart: number;
  /** What git names behind the `@@`: usually the function. */
  readonly section: string;
  readonly lines: readonly PatchLine[];
}

const HEAD = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/** What is not a hunk is left out; a patch that was cut in the middle of a hunk keeps what there is. */
export function parsePatch(patch: string): Hunk[] {
  const hunks: Hunk[] = [];
  let lines: PatchLine[] = [];
  let [old, next, oldLeft, newLeft] = [0, 0, 0, 0];
  for (const raw of patch.split("\n")) {
    const head = oldLeft <= 0 && newLeft <= 0 ? HEAD.exec(raw) : null;
    if (head) {
      old = Number(head[1]);
      next = Number(head[3]);
      oldLeft = Number(head[2] ?? 1);
      newLeft = Number(head[4] ?? 1);
      lines = [];
      hunks.push({ oldStart: old, newStart: next, section: head[5] ?? "", lines });
      continue;
    }
    const sign = raw[0];
    if (sign === "\\") {
      const last = lines.at(-1);
      if (last) lines[lines.length - 1] = { ...last, lacksNewline: true };
      continue;
    }
    if (oldLeft <= 0 && newLeft <= 0) continue;
    const text = raw.slice(1);
    if (sign === "-") {
      lines.push({ kind: "del", old: old++, new: null, text, lacksNewline: false });
      oldLeft -= 1;
    } else if (sign === "+") {
      lines.push({ kind: "add", old: null, new: next++, text, lacksNewline: false });
      newLeft -= 1;
    } else if (sign === " ") {
      lines.push({ kind: "same", old: old++, new: next++, text, lacksNewline: false });
      oldLeft -= 1;
      newLeft -= 1;
    }
  }
  return hunks;
}
