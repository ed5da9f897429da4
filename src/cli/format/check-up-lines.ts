/** What `orch doctor` found, as lines. */

import type { Check } from "../check-up.ts";
import { cleanLine } from "./clean.ts";
import type { Paint, Style } from "./paint.ts";

const SIGNS: Readonly<Record<Check["status"], readonly [Style, string]>> = {
  ok: ["green", "ok     "],
  failed: ["red", "failed "],
  skipped: ["dim", "–      "],
};

export function checkUpLines(checks: readonly Check[], paint: Paint): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const failed = checks.filter(({ status }) => status === "failed").length;
  return [
    ...checks.flatMap(({ name, status, detail, remedy }) => {
      const [style, sign] = SIGNS[status];
      const line = `${paint(style, sign)} ${name.padEnd(width)}  ${cleanLine(detail)}`;
      return remedy === null ? [line] : [line, `${" ".repeat(width + 10)}${cleanLine(remedy)}`];
    }),
    "",
    failed === 0 ? "a job can be run here" : `${failed} of ${checks.length} checks failed`,
  ];
}
