/** `orch scripted-model <script>`: a model that answers from a script, until it is stopped. */

import { defineOrchCommand, EXIT } from "../command.ts";
import { shellWord } from "../format/shell-word.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const scriptedModel = defineOrchCommand({
  args: {
    script: { type: "positional", required: true, description: "A file in YAML that says what is answered." },
    port: { type: "string", valueHint: "number", description: "Where it listens on loopback. Default: any free port." },
    log: { type: "string", valueHint: "file", description: "Where each request is noted, as JSON lines." },
  },
  run: async (args, session) => {
    const port = parsePort(args.port);
    const { loadScript } = await import("../../scripted-model/parse-script.ts");
    const script = await loadScript(args.script);
    const { startScriptedModel } = await import("../../scripted-model/server.ts");
    await using model = await startScriptedModel({
      script,
      port,
      ...(args.log !== undefined && { logFile: args.log }),
    });
    session.stdout.lines([
      `the scripted model answers at ${model.url}; Ctrl-C ends it`,
      "in another terminal:",
      `  OPENAI_API_KEY=scripted OPENAI_BASE_URL=${shellWord(model.url)} orch run "<task>"`,
    ]);
    await new Promise<void>((resolve) => {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, resolve);
    });
    return EXIT.ok;
  },
});

function parsePort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw wrongUsage("--port is not a port", "give a number from 0 to 65535; 0 takes any free one");
}
