/** What every command has at hand: how it was asked to speak, where it is, and output that carries no secret. */

import { secretValues } from "../core/known-secrets.ts";
import { createRedactor, type Redact } from "../core/redact.ts";
import { Output } from "./output.ts";

export class Session {
  /** `--json`: one JSON object a line on stdout, and nothing else there. */
  readonly json: boolean;
  /** `--debug` or DEBUG: the stack of an unexpected error is shown. */
  readonly debug: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths are relative to, and whose `.env` is read. */
  readonly directory: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #secrets: Set<string>;
  #redact: Redact;

  constructor(argv: readonly string[]) {
    const flags = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
    this.json = flags.includes("--json");
    this.debug = flags.includes("--debug") || Boolean(process.env.DEBUG);
    this.environment = process.env;
    this.directory = process.cwd();
    this.#secrets = new Set(secretValues(process.env));
    this.#redact = createRedactor([...this.#secrets]);
    this.stdout = new Output(process.stdout, this.redact);
    this.stderr = new Output(process.stderr, this.redact);
  }

  readonly redact: Redact = (text) => this.#redact(text);

  /** From now on these are not printed, wherever they come from. */
  keepSecret(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined) this.#secrets.add(secret);
    this.#redact = createRedactor([...this.#secrets]);
  }

  async flush(): Promise<void> {
    await Promise.all([this.stdout.flush(), this.stderr.flush()]);
  }
}
