/** Syntax colours of lines, as classes: `lowlight` parses, and its tree is read here; no HTML is made anywhere. */

import { common, createLowlight } from "lowlight";
import type { Mark } from "../text/segments.ts";

const lowlight = createLowlight(common);

type Root = ReturnType<typeof lowlight.highlight>;
type Part = Root["children"][number];

/** What is longer than that is left without colours: characters. */
const LONGEST_LINE = 2000;

/** The marks of each line; null if the grammar is not known. The lines follow each other in their file. */
export function colourLines(lines: readonly string[], language: string): Mark[][] | null {
  if (!lowlight.registered(language)) return null;
  const shown = lines.map((line) => (line.length > LONGEST_LINE ? "" : line));
  const marks: Mark[][] = lines.map(() => []);
  const reader = { line: 0, column: 0 };
  readTree(lowlight.highlight(language, shown.join("\n")), "", (text, className) => {
    text.split("\n").forEach((part, index) => {
      if (index > 0) {
        reader.line += 1;
        reader.column = 0;
      }
      const end = reader.column + part.length;
      if (className && part) marks[reader.line]?.push({ start: reader.column, end, className });
      reader.column = end;
    });
  });
  return marks;
}

function readTree(node: Root | Part, className: string, tell: (text: string, className: string) => void): void {
  if (node.type === "text") tell(node.value, className);
  if (node.type !== "element" && node.type !== "root") return;
  const own = node.type === "element" ? node.properties.className : null;
  const inner = Array.isArray(own) ? classOf(own.map(String)) : className;
  for (const child of node.children) readTree(child, inner, tell);
}

/** One class of ours for each kind of highlight.js: the theme names a dozen, not sixty. */
const KINDS: Readonly<Record<string, string>> = {
  keyword: "keyword",
  operator: "keyword",
  "selector-tag": "tag",
  "selector-id": "title",
  "selector-class": "title",
  "selector-attr": "attribute",
  "selector-pseudo": "attribute",
  name: "tag",
  tag: "punctuation",
  attr: "attribute",
  attribute: "attribute",
  property: "attribute",
  built_in: "built-in",
  type: "type",
  class: "type",
  title: "title",
  section: "title",
  function: "",
  params: "",
  literal: "literal",
  number: "literal",
  symbol: "literal",
  bullet: "literal",
  variable: "variable",
  "template-variable": "variable",
  string: "string",
  regexp: "string",
  link: "string",
  code: "string",
  quote: "comment",
  comment: "comment",
  doctag: "doctag",
  meta: "meta",
  punctuation: "punctuation",
  subst: "",
  emphasis: "emphasis",
  strong: "strong",
  addition: "",
  deletion: "",
};

function classOf(names: readonly string[]): string {
  const kind = names.find((name) => name.startsWith("hljs-"))?.slice("hljs-".length) ?? "";
  const known = kind === "title" && names.includes("class_") ? "type" : KINDS[kind];
  return known ? `syntax-${known}` : "";
}
