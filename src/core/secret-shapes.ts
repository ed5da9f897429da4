/** What credentials of well-known kinds look like: one table for what is taken out of texts and for what stops a push. */

export interface SecretShape {
  /** In kebab-case: it stands in messages and in a user's own exceptions. */
  readonly kind: string;
  /** Global. With a group `secret`, that group is the secret, else all of the match. Each repetition has a bound. */
  readonly pattern: RegExp;
}

/** Specific enough to be taken out of any text. Kinds with a longer prefix come before those with a shorter one. */
export const SECRET_SHAPES: readonly SecretShape[] = [
  {
    // With its body: the words alone stand in many a manual. The line ends may be those of a JSON string.
    kind: "private-key",
    pattern:
      /-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:\s|\\[nrt])+(?:[A-Za-z-]{1,30}: [^\r\n\\"]{1,200}|[A-Za-z0-9+/=]{16,5000}))+(?:(?:\s|\\[nrt])*-----END[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
  { kind: "age-key", pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/g },
  // The one of Amazon's manuals ends in EXAMPLE.
  { kind: "aws-key-id", pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)(?![A-Z0-9]{9}EXAMPLE)[A-Z2-7]{16}\b/g },
  { kind: "google-api-key", pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { kind: "google-oauth", pattern: /\b(?:ya29\.[\w-]{20,2000}|GOCSPX-[\w-]{28})/g },
  { kind: "azure-storage-key", pattern: /\bAccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/g },
  { kind: "azure-client-secret", pattern: /(?<![\w~.-])[\w~.]{3}8Q~[\w~.-]{31,34}(?![\w~.-])/g },
  { kind: "azure-signature", pattern: /[?&;]sig=(?<secret>[A-Za-z0-9%+/]{40,200}(?:%3D|=))/g },
  { kind: "github-token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{40,255})/g },
  { kind: "gitlab-token", pattern: /\bgl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|oas|imt)-[\w-]{20,300}/g },
  { kind: "slack-token", pattern: /\bx(?:ox[abceoprs]|app)-(?=[\w-]{0,200}\d)[\w-]{20,300}/g },
  { kind: "slack-webhook", pattern: /hooks\.slack\.com\/services\/(?<secret>T\w{6,12}\/B\w{6,12}\/\w{20,30})/g },
  { kind: "stripe-key", pattern: /\b(?:[rs]k_(?:live|test)_|whsec_)[A-Za-z0-9]{16,250}/g },
  { kind: "npm-token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: "pypi-token", pattern: /\bpypi-AgE[\w-]{50,500}/g },
  { kind: "anthropic-key", pattern: /\bsk-ant-[\w-]{16,300}/g },
  // A digit, since a class of a style sheet may begin like this, too.
  { kind: "openai-key", pattern: /\bsk-(?=[\w-]{0,300}\d)[\w-]{16,300}/g },
  { kind: "huggingface-token", pattern: /\bhf_[A-Za-z0-9]{34}\b/g },
  { kind: "groq-key", pattern: /\bgsk_[A-Za-z0-9]{48,60}\b/g },
  { kind: "xai-key", pattern: /\bxai-[A-Za-z0-9]{70,90}\b/g },
  { kind: "telegram-token", pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { kind: "sendgrid-key", pattern: /\bSG\.[\w-]{20,24}\.[\w-]{39,50}/g },
  { kind: "twilio-key", pattern: /\bSK[0-9a-f]{32}\b/g },
  { kind: "digitalocean-token", pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { kind: "shopify-token", pattern: /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/g },
  { kind: "docker-token", pattern: /\bdckr_[op]at_[\w-]{20,100}/g },
  { kind: "vault-token", pattern: /\bhvs\.[\w-]{24,300}/g },
  { kind: "linear-key", pattern: /\blin_api_[A-Za-z0-9]{32,64}\b/g },
  { kind: "databricks-token", pattern: /\bdapi[a-f0-9]{32}\b/g },
  { kind: "jwt", pattern: /\beyJ[\w-]{10,5000}\.eyJ[\w-]{10,10000}\.[\w-]{16,2000}/g },
  { kind: "bearer-token", pattern: /\bBearer\s{1,5}(?<secret>(?=[\w.~+/-]{0,300}\d)[\w.~+/-]{16,5000}=*)/gi },
  {
    kind: "url-password",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'`<>]{0,200}:(?<secret>[^\s/@"'`<>]{1,300})@/gi,
  },
];

export interface FoundSecret {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Every place of `text` that has one of the shapes. They can overlap. */
export function findShapes(text: string, shapes: readonly SecretShape[] = SECRET_SHAPES): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const { kind, pattern } of shapes) {
    for (const match of text.matchAll(pattern)) {
      const secret = match.groups?.secret ?? match[0];
      const start = match.index + match[0].lastIndexOf(secret);
      found.push({ kind, start, end: start + secret.length });
    }
  }
  return found;
}
