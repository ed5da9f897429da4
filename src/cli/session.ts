/** What every command has at hand: how it was asked to speak, where it is, and output that carries no secret. */

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
  #redact: Redact;

  constructor(argv: readonly string[]) {
    const flags = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
    this.json = flags.includes("--json");
    this.debug = flags.includes("--debug") || Boolean(process.env.DEBUG);
    this.environment = process.env;
    this.directory = process.cwd();
    this.#redact = createRedactor([process.env.OPENAI_API_KEY]);
    this.stdout = new Output(process.stdout, this.redact);
    this.stderr = new Output(process.stderr, this.redact);
  }

  readonly redact: Redact = (text) => this.#redact(text);

  /** From now on this is not printed, wherever it comes from. */
  keepSecret(secret: string | undefined): void {
    this.#redact = createRedactor([process.env.OPENAI_API_KEY, secret]);
  }

  async flush(): Promise<void> {
    await Promise.all([this.stdout.flush(), this.stderr.flush()]);
  }
}
