import { expect, test } from "vitest";
import { createRedactor, redactJson } from "./redact.ts";
import { letters, PLANTED } from "./secrets.testkit.ts";

const redact = createRedactor(["hunter2-long-secret", 'quote"and/slash:4711', undefined, "short"]);

test.each(Object.entries(PLANTED()))(
  "a %s is taken out of a sentence, and the sentence stays",
  (_kind, { text, secret }) => {
    const clean = redact(`before ${text} after`);
    expect(clean).not.toContain(secret);
    expect(clean).toMatch(/^before .*\[redacted\].* after$/s);
  },
);

test("a known secret is taken out however it is spelled", () => {
  const secret = 'quote"and/slash:4711';
  const spelled = [secret, encodeURIComponent(secret), JSON.stringify(secret), Buffer.from(secret).toString("base64")];
  for (const text of spelled) expect(redact(`x ${text} y`)).toMatch(/^x "?\[redacted\]=*"? y$/);
});

test("JSON stays JSON, whatever is in its texts and names", () => {
  const key = letters(48);
  const value = { list: [`sk-1${key}`, 1, null, true], [`sk-2${key}`]: { a: JSON.stringify({ b: `"sk-3${key}"` }) } };
  const clean = redactJson(value, redact) as { list: unknown[]; "[redacted]": { a: string } };
  expect(JSON.stringify(clean)).not.toContain(key);
  expect(clean.list.slice(1)).toEqual([1, null, true]);
  expect(JSON.parse(clean["[redacted]"].a)).toEqual({ b: '"[redacted]"' });
});

test("what only looks a little like a key stays: paths, ids, hashes, words of a manual", () => {
  const innocent = [
    "src/risk-assessment-overview-2030.md",
    ".sk-folding-cube-animation { }",
    "20300131-0905-k3x9qa",
    "orch/20300131-0905-k3x9qa/add-search-1",
    "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
    "a file that begins with -----BEGIN PRIVATE KEY----- is refused",
    "ssh://git@host/x.git and https://bob@host/x and git@host:x.git",
    "AKIAIOSFODNN7EXAMPLE",
    "0192f5c8-7a3b-7c4d-9e1f-2a3b4c5d6e7f",
    "sha512-3vBDYTW5ZhLX5ZHNTUqG2lWBLwEsTVS4QEW8dLDhPU4RXqAz==",
  ];
  for (const text of innocent) expect(redact(text)).toBe(text);
});

test("a text that is made to be slow is not", () => {
  const hostile = [
    "-----BEGIN PRIVATE KEY-----\n".repeat(3000),
    `-----BEGIN PRIVATE KEY-----${"\\n".repeat(60_000)}`,
    `-----BEGIN PRIVATE KEY-----\n${"A".repeat(100_000)}`,
    "a://".repeat(30_000),
    `a://${":".repeat(100_000)}`,
    "sk-".repeat(40_000),
    "eyJ".repeat(40_000),
    `eyJ${"a".repeat(100_000)}.eyJ${"a".repeat(100_000)}`,
    "Bearer ".repeat(20_000),
    "xox".repeat(40_000),
  ];
  const begun = performance.now();
  for (const text of hostile) redact(text);
  // Not a measure of speed: an exponential one would not end at all, a quadratic one in minutes.
  expect(performance.now() - begun).toBeLessThan(20_000);
}, 60_000);
