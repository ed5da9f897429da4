/**
 * The whole job on a sample repository: real Codex, real worktrees, real git; only the model is played, by the scripted
 * one. With `--crash`, the orchestrator is killed with SIGKILL in the middle and resumed.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs, styleText } from "node:util";
import { loadScript } from "../src/scripted-model/parse-script.ts";
import { askedAgain } from "../src/scripted-model/records.ts";
import { type ScriptedModel, startScriptedModel } from "../src/scripted-model/server.ts";
import { makeSampleRepository } from "./sample-repository.ts";

const ROOT = join(import.meta.dirname, "..");
const TASK = "Add a frost alarm and a daily report";
const JOB = "demo";

const { values: options } = parseArgs({ options: { crash: { type: "boolean", default: false } } });

mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".tmp", "demo-"));
const repository = makeSampleRepository(join(folder, "greenhouse"));
await using model = await startScriptedModel({ script: await loadScript(join(import.meta.dirname, "script.yaml")) });

const environment = {
  ...process.env,
  PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
  XDG_STATE_HOME: join(folder, "state"),
  OPENAI_API_KEY: "sk-the-scripted-model-needs-none",
  OPENAI_BASE_URL: model.url,
};

title("The task");
say(`${TASK}, in a small repository: ${relative(process.cwd(), repository.root) || "."}`);
say(`The scripted model answers at ${model.url}; everything else is real.`);

title(`orch run "${TASK}"`);
const code = options.crash
  ? await runAndCrash(model)
  : await orch("run", TASK, "--repo", repository.root, "--job-id", JOB);
if (code !== 0) {
  say(`The job did not finish (exit code ${code}). Its log: ${join(repository.root, ".codex/jobs", JOB)}`);
  process.exit(1);
}

title("The plan, and what became of it: orch show demo");
await orch("show", JOB);
title(`The commits: git log --graph result-${JOB}`);
say(repository.git("log", "--graph", "--oneline", `result-${JOB}`).trimEnd());
title("What changed: git diff --stat");
say(repository.git("diff", "--stat", `main...result-${JOB}`).trimEnd());
title("Your checkout");
const status = repository.git("status", "--short").trimEnd();
say(status === "" ? "On main, with nothing changed: agents work in worktrees of their own." : status);
title("What it cost");
const paid = model.requests.filter(({ completed }) => completed);
say(`${paid.length} model requests, of which ${askedAgain(model.requests).length} were paid twice.`);
title("Where to look next");
say(`cd ${relative(process.cwd(), repository.root)}`);
say(`git diff main...result-${JOB}        # the result`);
say(`ls .codex/jobs/${JOB}                # the log, the plan, each agent's turn, the worktrees`);
say(`git merge result-${JOB}              # take it`);
if (!options.crash) say("npm run demo -- --crash       # the same, with the orchestrator killed in the middle");

/** Kills the orchestrator while agents are at work, shows what is left, and resumes. */
async function runAndCrash({ requests }: ScriptedModel): Promise<number> {
  const child = start("run", TASK, "--repo", repository.root, "--job-id", JOB);
  const ended = endOf(child);
  const isMidway = () =>
    new Set(requests.filter(({ client, step }) => client === "codex" && step === 2).map(({ turn }) => turn)).size >= 2;
  while (!isMidway() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGKILL");
  await ended;
  const asked = requests.length;
  title("kill -9");
  say(`The orchestrator (process ${child.pid}) is dead. Codex, which it had started, is not:`);
  for (const line of codexProcesses()) say(`  ${line}`);
  say("Nothing of the job is lost: every step was committed before it was acted on.");
  title(`orch resume ${JOB}`);
  const code = await orch("resume", JOB);
  const again = askedAgain(requests, { acrossThreads: true });
  title("What the crash cost");
  say(`${asked} model requests before it, ${requests.length - asked} after it, ${again.length} asked twice.`);
  return code;
}

function orch(...args: readonly string[]): Promise<number> {
  return endOf(start(...args));
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(ROOT, "bin", "orch.js"), ...args], {
    stdio: "inherit",
    env: environment,
    cwd: folder,
  });
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

/** The Codex processes of this demo: by its folder in their environment, so that no other is shown. */
function codexProcesses(): string[] {
  if (process.platform !== "linux") return ["(see them with ps)"];
  return readdirSync("/proc").flatMap((pid) => {
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, "utf8").includes(folder);
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const at = words[words.indexOf("-C") + 1] ?? "";
      return isOurs && words.includes("exec") && /codex$/.test(words[0] ?? "")
        ? [`process ${pid}: codex exec in ${relative(folder, at)}`]
        : [];
    } catch {
      return [];
    }
  });
}

function title(text: string): void {
  console.log(`\n${styleText(["bold", "cyan"], `▸ ${text}`)}`);
}

function say(text: string): void {
  console.log(text.replace(/^/gm, "  "));
}
