/** Credentials of every kind, made anew in each run: none of them was ever one, and none stands in a file. */

import { randomBytes } from "node:crypto";

const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

export const letters = (count: number, alphabet = ALPHABET): string =>
  [...randomBytes(count)].map((byte) => alphabet[byte % alphabet.length]).join("");

export interface Planted {
  /** As it would stand in a file. */
  readonly text: string;
  /** The part that nobody may see. */
  readonly secret: string;
}

/** By kind, as `secret-shapes.ts` names them. */
export function PLANTED(): Record<string, Planted> {
  const plain = (text: string): Planted => ({ text, secret: text });
  const around = (before: string, secret: string, after = ""): Planted => ({ text: before + secret + after, secret });
  const body = Array.from({ length: 12 }, () => letters(64));
  const key = (name: string) => `-----BEGIN ${name}-----\n${body.join("\n")}\n-----END ${name}-----`;
  return {
    "private-key": { text: key("RSA PRIVATE KEY"), secret: body[3] as string },
    "private-key in JSON": { text: JSON.stringify(key("PRIVATE KEY")), secret: body[3] as string },
    "private-key, cut": { text: key("OPENSSH PRIVATE KEY").slice(0, 400), secret: body[3] as string },
    "aws-key-id": plain(`AKIA${letters(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`),
    "google-api-key": plain(`AIza${letters(35)}`),
    "azure-storage-key": around("DefaultEndpointsProtocol=https;AccountKey=", `${letters(86)}==`, ";EndpointSuffix=x"),
    "azure-client-secret": plain(`${letters(3)}8Q~${letters(34)}`),
    "github-token": plain(`ghp_${letters(36)}`),
    "github-token, fine-grained": plain(`github_pat_${letters(22)}_${letters(59)}`),
    "gitlab-token": plain(`glpat-${letters(20)}`),
    "slack-token": plain(`xoxb-123456789012-123456789012-${letters(24)}`),
    "slack-webhook": around("https://hooks.slack.com/services/", `T0${letters(8)}/B0${letters(8)}/${letters(24)}`),
    "stripe-key": plain(`sk_live_${letters(24)}`),
    "npm-token": plain(`npm_${letters(36)}`),
    "pypi-token": plain(`pypi-AgEIcHlwaS5vcmc${letters(80)}`),
    "openai-key": plain(`sk-proj-1${letters(47)}`),
    "anthropic-key": plain(`sk-ant-api03-${letters(93)}AA`),
    "telegram-token": plain(`123456789:AA${letters(33)}`),
    "sendgrid-key": plain(`SG.${letters(22)}.${letters(43)}`),
    jwt: plain(`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${letters(20)}.${letters(43)}`),
    "bearer-token": around("Authorization: Bearer ", `1${letters(40)}`),
    "url-password": around("postgres://app:", letters(14), "@db.internal/app"),
  };
}
